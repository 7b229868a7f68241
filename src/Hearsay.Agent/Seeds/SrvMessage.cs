using System.Buffers.Binary;
using System.Text;

namespace Hearsay.Agent.Seeds;

/// <summary>
/// Questions for SRV records and their answers, as RFC 1035 and 2782 have them. An answer is hostile input: every
/// length is checked, and pointers go backwards only.
/// </summary>
internal static class SrvMessage
{
    private const int HeaderBytes = 12;
    private const int LongestLabelBytes = 63;
    private const int LongestNameBytes = 253;
    private const ushort Srv = 33;
    private const ushort Internet = 1;
    private const ushort WantsRecursion = 0x0100;
    private const ushort IsAnswer = 0x8000;
    private const ushort NoSuchName = 3;

    /// <summary>A question; null if the name is none.</summary>
    public static byte[]? Question(ushort number, string name)
    {
        var labels = name.TrimEnd('.').Split('.');
        if (name.Length > LongestNameBytes || !Ascii.IsValid(name)
            || Array.Exists(labels, static label => label.Length is 0 or > LongestLabelBytes))
        {
            return null;
        }

        using var question = new MemoryStream();
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header, number);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], WantsRecursion);
        header[5] = 1;
        question.Write(header);
        foreach (var label in labels)
        {
            question.WriteByte((byte)label.Length);
            question.Write(Encoding.ASCII.GetBytes(label));
        }

        question.Write([0, 0, (byte)Srv, 0, (byte)Internet]);
        return question.ToArray();
    }

    /// <summary>Reads an answer.</summary>
    /// <param name="message">What came.</param>
    /// <param name="number">Of the question.</param>
    /// <param name="seeds">The targets with their ports, the most wanted first.</param>
    /// <param name="problem">What the server says instead; null if it has records.</param>
    /// <returns>False if it is no answer to the question, or malformed.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> message, ushort number, out IReadOnlyList<string> seeds, out string? problem)
    {
        (seeds, problem) = ([], null);
        if (message.Length < HeaderBytes || Number(message, 0) != number || (Number(message, 2) & IsAnswer) == 0)
        {
            return false;
        }

        var (code, questions, answers) = (Number(message, 2) & 0xF, Number(message, 4), Number(message, 6));
        if (code != 0)
        {
            problem = code == NoSuchName ? "there is no such name." : $"the name server answers with error {code}.";
            return true;
        }

        var at = HeaderBytes;
        for (var i = 0; i < questions; i++)
        {
            if (!TryReadName(message, ref at, out _) || (at += 4) > message.Length)
            {
                return false;
            }
        }

        var found = new List<(int Priority, string Seed)>();
        for (var i = 0; i < answers; i++)
        {
            if (!TryReadRecord(message, ref at, found))
            {
                return false;
            }
        }

        seeds = [.. found.OrderBy(static one => one.Priority).Select(static one => one.Seed)];
        problem = seeds.Count == 0 ? "the name has no SRV records." : null;
        return true;
    }

    private static bool TryReadRecord(ReadOnlySpan<byte> message, ref int at, List<(int Priority, string Seed)> found)
    {
        const int AfterName = 10;
        if (!TryReadName(message, ref at, out _) || at + AfterName > message.Length)
        {
            return false;
        }

        var (type, length) = (Number(message, at), Number(message, at + 8));
        at += AfterName;
        var next = at + length;
        if (next > message.Length)
        {
            return false;
        }

        const int BeforeTarget = 6;
        if (type == Srv)
        {
            var target = at + BeforeTarget;
            if (length <= BeforeTarget || !TryReadName(message, ref target, out var host) || target > next)
            {
                return false;
            }

            // A target of no labels says that the service is not offered.
            if (host.Length > 0 && found.Count < GossipNodeOptions.MaximumSeeds)
            {
                found.Add((Number(message, at), $"{host}:{Number(message, at + 4)}"));
            }
        }

        at = next;
        return true;
    }

    private static bool TryReadName(ReadOnlySpan<byte> message, ref int at, out string name)
    {
        var text = new StringBuilder();
        var (position, bound) = (at, at);
        var isJumping = false;
        name = string.Empty;
        while (true)
        {
            if (position >= message.Length)
            {
                return false;
            }

            int length = message[position];
            if (length >= 0xC0)
            {
                // A pointer goes to something before what was read so far, so there is an end.
                if (position + 1 >= message.Length)
                {
                    return false;
                }

                var target = ((length & 0x3F) << 8) | message[position + 1];
                at = isJumping ? at : position + 2;
                if (target >= bound)
                {
                    return false;
                }

                (isJumping, position, bound) = (true, target, target);
                continue;
            }

            if (length > LongestLabelBytes || position + 1 + length > message.Length
                || text.Length + length > LongestNameBytes)
            {
                return false;
            }

            position++;
            if (length == 0)
            {
                at = isJumping ? at : position;
                name = text.ToString();
                return true;
            }

            text.Append(text.Length > 0 ? "." : string.Empty)
                .Append(Encoding.ASCII.GetString(message.Slice(position, length)));
            position += length;
        }
    }

    private static ushort Number(ReadOnlySpan<byte> message, int at) =>
        BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
}
