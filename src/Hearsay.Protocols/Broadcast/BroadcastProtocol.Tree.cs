using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Repair;
using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Broadcast;

/// <content>How the trees grow and change.</content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>An announcement must come this much before the parent's copy to count as better.</summary>
    private static readonly TimeSpan BetterBy = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// A tree does not change again before what the last change brought is seen: of a fast source three messages in a
    /// row are under way at once.
    /// </summary>
    private static readonly TimeSpan LeastRewireTime = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// A message that a parent did not send may have been lost on the way. Three in a row say that the tree is broken
    /// here; so does one where the parent is gone.
    /// </summary>
    private void NoteMiss(BroadcastSource source, bool wasPulled)
    {
        var isCertain = (source.Parents & _neighbours.Up) == 0;
        source.Misses = !wasPulled ? 0 : isCertain ? BroadcastSource.Broken : source.Misses + 1;
    }

    /// <summary>A message came for the first time: what does it tell of the tree?</summary>
    private void Learn(BroadcastSource source, int slot, scoped in MessageFrame frame, in MissingMessage missing)
    {
        var (bit, flags) = (1u << slot, frame.Flags);
        if ((flags & MessageFrame.Repair) != 0)
        {
            return;
        }

        if ((flags & MessageFrame.Pulled) == 0)
        {
            LearnFromPush(source, bit, missing, isLate: (flags & MessageFrame.Late) != 0);
            source.NotePush(slot, frame.Sequence, Now);
        }
        else if (_options.Mode is BroadcastMode.Auto or BroadcastMode.Tree)
        {
            if ((source.Parents & _neighbours.Up) == 0)
            {
                Adopt(source, slot);
            }
            else
            {
                Win(source, slot);
            }
        }
    }

    private void LearnFromPush(BroadcastSource source, uint bit, in MissingMessage missing, bool isLate)
    {
        source.Children &= ~bit;
        if (missing.First >= 0 && !isLate)
        {
            _lag.Add(Now - missing.Since);
        }

        if ((source.Parents & bit) == 0)
        {
            // Somebody pushes whom nobody asked to: the first messages of a source. It was faster than the parents, so
            // the farthest of them makes room.
            var keep = BitOperations.PopCount(source.Parents) < _options.Parents ? source.Parents
                : source.Parents & ~(1u << Farthest(source.Parents));
            source.Parents = keep | bit;
            (source.Rival, source.Wins) = (-1, 0);
        }
        else if (missing.First >= 0 && Now - missing.Since >= BetterBy && (1u << missing.First) != bit)
        {
            if (!isLate)
            {
                Win(source, missing.First);
            }
        }
        else
        {
            source.Wins = 0;
        }
    }

    /// <summary>A neighbour was better than the parents; if it is so again and again, it becomes the parent.</summary>
    private void Win(BroadcastSource source, int slot)
    {
        (source.Rival, source.Wins) = (slot, source.Rival == slot ? source.Wins + 1 : 1);
        if (source.Wins >= _options.RewireAfter && Now - source.RewiredAt >= LeastRewireTime)
        {
            source.RewiredAt = Now;
            Adopt(source, slot);
        }
    }

    /// <summary>Makes a neighbour the parent, in place of one that was if there are enough.</summary>
    private void Adopt(BroadcastSource source, int slot)
    {
        var bit = 1u << slot;
        (source.Rival, source.Wins) = (-1, 0);
        source.Children &= ~bit;
        if ((source.Parents & bit) == 0 && BitOperations.PopCount(source.Parents) >= _options.Parents)
        {
            var last = Farthest(source.Parents);
            source.Parents &= ~(1u << last);
            SendTree(last, BroadcastFrame.Prune, source.Key);
        }

        source.Parents |= bit;
        SendTree(slot, BroadcastFrame.Graft, source.Key);
    }

    /// <summary>Of some neighbours the one with the longest round trip.</summary>
    private int Farthest(uint slots)
    {
        var farthest = BitOperations.TrailingZeroCount(slots);
        for (var rest = slots & (slots - 1); rest != 0; rest &= rest - 1)
        {
            var slot = BitOperations.TrailingZeroCount(rest);
            farthest = RoundTrip(slot) > RoundTrip(farthest) ? slot : farthest;
        }

        return farthest;
    }

    private void OnDuplicate(int slot, in MessageFrame frame)
    {
        var source = _sources.Find(frame.Source);
        if (slot < 0 || source is null || (frame.Flags & (MessageFrame.Repair | MessageFrame.Pulled)) != 0
            || _options.Mode is BroadcastMode.Flood or BroadcastMode.Hybrid)
        {
            return;
        }

        source.NotePush(slot, frame.Sequence, Now);
        var bit = 1u << slot;
        source.Children &= ~bit;
        if ((source.Parents & bit) != 0 && BitOperations.PopCount(source.Parents & _neighbours.Up) <= _options.Parents)
        {
            // The parent came late: the message had been pulled. It stays the parent.
            return;
        }

        if (!IsOwn(frame.Source) && BitOperations.PopCount(source.Parents) < _options.Parents)
        {
            source.Parents |= bit;
        }
        else if (_links[slot].MayPrune(Now))
        {
            source.Parents &= ~bit;
            SendTree(slot, BroadcastFrame.Prune, source.Key);
        }
    }

    private bool TakeGraft(int slot, ReadOnlySpan<byte> body)
    {
        if (!TryReadSource(body, out var key))
        {
            return false;
        }

        var source = _sources.Find(key);
        if (source is null || slot < 0)
        {
            Counters.GraftsRefused++;
            return true;
        }

        source.Children |= 1u << slot;
        return true;
    }

    private bool TakePrune(int slot, ReadOnlySpan<byte> body)
    {
        if (!TryReadSource(body, out var key))
        {
            return false;
        }

        if (slot >= 0 && _sources.Find(key) is { } source)
        {
            source.Children &= ~(1u << slot);
        }

        return true;
    }

    private void SendTree(int slot, byte type, in SourceKey source)
    {
        if (!IsUp(slot))
        {
            return;
        }

        Counters.GraftsSent += type == BroadcastFrame.Graft ? 1 : 0;
        Counters.PrunesSent += type == BroadcastFrame.Prune ? 1 : 0;
        Span<byte> body = stackalloc byte[SourceKey.SizeBytes];
        var writer = new WireWriter(body);
        source.Write(ref writer);
        SendControl(slot, type, body);
    }

    private static bool TryReadSource(ReadOnlySpan<byte> body, out SourceKey key)
    {
        var reader = new WireReader(body);
        key = SourceKey.Read(ref reader);
        return !reader.Failed;
    }
}
