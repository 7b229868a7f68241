using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>Own events on their way to broadcast.</content>
internal sealed partial class AntiEntropyProtocol
{
    /// <summary>How many events wait for links that are full.</summary>
    private const int MostWaitingPushes = 256;

    /// <summary>And how many bytes.</summary>
    private const long MostWaitingPushBytes = 1 << 20;

    private static readonly TimeSpan s_pushPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Links that are full for longer than this do not take what is written here.</summary>
    private static readonly TimeSpan s_longestPush = TimeSpan.FromMilliseconds(500);

    private readonly Queue<(SharedMap Map, byte[] Payload, Instant Since)> _pushes = new();
    private long _pushBytes;
    private Instant _pushAt = Instant.Never;

    private void Push(SharedMap map, MapEvent one)
    {
        var payload = !Carries ? null : WireEncodings.ToBytes((ref WireWriter writer) =>
        {
            WriteName(ref writer, map.NameBytes);
            EventCodec.Write(ref writer, one);
        });
        if (payload is null || payload.Length > _carrier!.LongestBytes)
        {
            LeaveToExchanges(map);
        }
        else if (_pushes.Count > 0 || !_carrier.TryCarry(payload))
        {
            PushLater(map, payload);
        }
    }

    /// <summary>A link is full for a moment. An exchange would bring the event to one peer, and broadcast to all.
    /// </summary>
    private void PushLater(SharedMap map, byte[] payload)
    {
        if (_pushes.Count >= MostWaitingPushes || _pushBytes + payload.Length > MostWaitingPushBytes)
        {
            LeaveToExchanges(map);
            return;
        }

        _pushes.Enqueue((map, payload, _context.Now));
        _pushBytes += payload.Length;
        _pushAt = Instant.Min(_pushAt, _context.Now + s_pushPause);
    }

    private void PushWhatWaits()
    {
        if (_context.Now < _pushAt)
        {
            return;
        }

        for (_pushAt = Instant.Never; _pushes.TryPeek(out var first); _pushes.Dequeue())
        {
            if (_carrier!.TryCarry(first.Payload))
            {
                _pushBytes -= first.Payload.Length;
            }
            else if (_context.Now - first.Since >= s_longestPush)
            {
                _pushBytes -= first.Payload.Length;
                LeaveToExchanges(first.Map);
            }
            else
            {
                _pushAt = _context.Now + s_pushPause;
                break;
            }
        }
    }

    private void LeaveToExchanges(SharedMap map)
    {
        Counters.NotPushed++;
        TellAll(map);
        BeatSoon();
    }
}
