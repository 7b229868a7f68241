using System.Buffers.Binary;

namespace Hearsay.Protocols.Security;

/// <summary>
/// The boot under which a node seals its records, and the one before. A boot is 128 random bits that were never used
/// before, so its numbers may begin at one: a node that forgets everything repeats no nonce.
/// </summary>
internal sealed class OwnBoots(RecordCipher cipher)
{
    /// <summary>How long a boot is used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>An echo of a record that is older proves nothing.</summary>
    public static readonly TimeSpan EchoLifetime = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan BetweenMarks = TimeSpan.FromMilliseconds(250);

    /// <summary>Marks of both boots: they reach back further than an echo lives.</summary>
    private readonly Mark[] _marks = new Mark[32];
    private int _nextMark;
    private Instant _drawnAt;
    private Instant _markedAt;
    private uint _datagrams;
    private uint _streams;

    /// <summary>The present boot; zero before the first record.</summary>
    public UInt128 Current { get; private set; }

    /// <summary>The one before; zero if there was none.</summary>
    public UInt128 Previous { get; private set; }

    /// <summary>Whether a boot is this node's.</summary>
    public bool Contains(UInt128 boot) => boot != 0 && (boot == Current || boot == Previous);

    /// <summary>This node's boot that an echo belongs to; zero if it has none of that kind.</summary>
    public UInt128 OfParity(bool isOdd) => IsOdd(Current) == isOdd ? Current : Previous;

    /// <summary>Whether the last bit of a boot is set: the present one and the one before differ in it.</summary>
    public static bool IsOdd(UInt128 boot) => ((ulong)boot & 1) != 0;

    /// <summary>Takes the number of the next record.</summary>
    public uint Next(LinkKind kind, Instant now)
    {
        if (Current == 0 || now - _drawnAt >= Lifetime || Math.Max(_datagrams, _streams) == RecordFormat.StreamBit - 1)
        {
            Draw(now);
        }

        if (now - _markedAt >= BetweenMarks)
        {
            SetMark(now);
        }

        return kind == LinkKind.Datagram ? ++_datagrams : ++_streams | RecordFormat.StreamBit;
    }

    /// <summary>Whether a record of a boot was sent so lately that its echo proves its sender's freshness.</summary>
    public bool WasSentLately(UInt128 boot, uint number, Instant now)
    {
        var isStream = (number & RecordFormat.StreamBit) != 0;
        var place = number & ~RecordFormat.StreamBit;
        if (boot == Current && place > (isStream ? _streams : _datagrams))
        {
            return false;
        }

        for (var i = 1; i <= _marks.Length; i++)
        {
            ref readonly var mark = ref _marks[(_nextMark - i) & (_marks.Length - 1)];
            if (mark.Boot == 0 || now - mark.At > EchoLifetime)
            {
                return false;
            }

            if (mark.Boot == boot && place > (isStream ? mark.Streams : mark.Datagrams))
            {
                return true;
            }
        }

        return false;
    }

    private void Draw(Instant now)
    {
        Span<byte> drawn = stackalloc byte[16];
        cipher.Fill(drawn);
        var last = IsOdd(Current) ? 0 : 1;
        drawn[15] = (byte)((drawn[15] & 0xFE) | last);
        (Previous, Current) = (Current, BinaryPrimitives.ReadUInt128BigEndian(drawn));
        (_datagrams, _streams, _drawnAt) = (0, 0, now);
        SetMark(now);
    }

    private void SetMark(Instant now)
    {
        _marks[_nextMark] = new Mark(Current, now, _datagrams, _streams);
        _nextMark = (_nextMark + 1) & (_marks.Length - 1);
        _markedAt = now;
    }

    /// <summary>What had been sent at a moment.</summary>
    private readonly record struct Mark(UInt128 Boot, Instant At, uint Datagrams, uint Streams);
}
