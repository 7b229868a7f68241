using System.Runtime.CompilerServices;

namespace Hearsay.Agent.Guest;

/// <summary>Splits a stream into parts of whole lines, each of a length that a node takes in one call.</summary>
internal static class LineParts
{
    /// <summary>The length of a part; a single line may be longer.</summary>
    public const int PartBytes = 1 << 20;

    /// <summary>The longest line: what a node takes in one call.</summary>
    public const int LongestLineBytes = 16 << 20;

    /// <summary>Reads the parts in order. A part is valid until the next one is asked for.</summary>
    /// <param name="input">The lines.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FormatException">A line is too long.</exception>
    public static async IAsyncEnumerable<(ReadOnlyMemory<byte> Bytes, long FirstLine)> ReadAsync(
        Stream input, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (buffer, length, line) = (new byte[PartBytes], 0, 1L);
        while (true)
        {
            var read = await input.ReadAtLeastAsync(
                buffer.AsMemory(length), buffer.Length - length, throwOnEndOfStream: false, cancellation)
                .ConfigureAwait(false);
            length += read;
            if (length < buffer.Length)
            {
                if (length > 0)
                {
                    yield return (buffer.AsMemory(0, length), line);
                }

                yield break;
            }

            var whole = buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            if (whole == 0)
            {
                Array.Resize(ref buffer, length < LongestLineBytes ? 2 * length : throw TooLong(line));
                continue;
            }

            yield return (buffer.AsMemory(0, whole), line);
            line += buffer.AsSpan(0, whole).Count((byte)'\n');
            buffer.AsSpan(whole, length - whole).CopyTo(buffer);
            length -= whole;
        }
    }

    private static FormatException TooLong(long line) => new(
        $"Line {line:N0}: it has more than {LongestLineBytes:N0} bytes, which no node takes in one call. "
        + "Use GossipMap.ImportAsync in a program instead.");
}
