using System.Text;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Requests;

/// <summary>A request as it came, checked. It points into the packet.</summary>
internal readonly ref struct AskFrame
{
    private const byte AllFlags = RequestMessage.Again | RequestMessage.Opens | RequestMessage.Traced;

    private readonly byte _flags;

    private AskFrame(
        RequestKey key, ulong floor, byte flags, TimeSpan time, string name, ReadOnlySpan<byte> trace,
        ReadOnlySpan<byte> payload)
    {
        (Key, Floor, _flags, Time, Name) = (key, floor, flags, time, name);
        Trace = trace;
        Payload = payload;
    }

    /// <summary>Which request it is.</summary>
    public RequestKey Key { get; }

    /// <summary>Its number in the conversation.</summary>
    public ulong Sequence => Key.Sequence;

    /// <summary>The lowest number that the asker still waits for.</summary>
    public ulong Floor { get; }

    /// <summary>Whether a copy was sent before.</summary>
    public bool IsAgain => (_flags & RequestMessage.Again) != 0;

    /// <summary>Whether the conversation may be new here.</summary>
    public bool Opens => (_flags & RequestMessage.Opens) != 0;

    /// <summary>How long the asker waits.</summary>
    public TimeSpan Time { get; }

    /// <summary>The handler.</summary>
    public string Name { get; }

    /// <summary>The trace and the span that ask; empty if it is not traced.</summary>
    public ReadOnlySpan<byte> Trace { get; }

    /// <summary>The request.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads one.</summary>
    /// <returns>False if it is malformed.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out AskFrame ask)
    {
        ask = default;
        var reader = new WireReader(body);
        var conversation = reader.ReadUInt64();
        if (!Varint.TryRead(ref reader, out var sequence) || !Varint.TryRead(ref reader, out var floor))
        {
            return false;
        }

        var flags = reader.ReadByte();
        if (!Varint.TryRead(ref reader, out var milliseconds))
        {
            return false;
        }

        var name = reader.ReadBytes(reader.ReadByte());
        var trace = reader.ReadBytes((flags & RequestMessage.Traced) != 0 ? RequestMessage.TraceBytes : 0);
        if (reader.Failed || flags > AllFlags || floor == 0 || sequence < floor
            || sequence - floor >= RequestMessage.Window || name.Length is 0 or > RequestMessage.MostNameBytes
            || milliseconds is 0 or > int.MaxValue || reader.Rest.Length > RequestOptions.LargestPayloadBytes)
        {
            return false;
        }

        ask = new AskFrame(
            new RequestKey(conversation, sequence), floor, flags, TimeSpan.FromMilliseconds(milliseconds),
            Encoding.UTF8.GetString(name), trace, reader.Rest);
        return true;
    }
}
