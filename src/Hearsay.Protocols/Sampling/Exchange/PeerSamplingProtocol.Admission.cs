using System.Runtime.CompilerServices;
using Hearsay.Protocols.Node.Peers;
using Hearsay.Protocols.Sampling.Kernels;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>What comes in: descriptors are checked one by one, learnt, and merged by the kernel.</summary>
internal sealed partial class PeerSamplingProtocol
{
    /// <summary>
    /// Reads all descriptors of a message before any of them is used: a broken message changes nothing.
    /// </summary>
    private static bool DescriptorsAreFine(WireReader reader, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!Descriptor.TryRead(ref reader, out _))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Learns the descriptors of a message and pins those that may be merged.</summary>
    /// <param name="reader">Behind the message's head; checked by <see cref="DescriptorsAreFine"/>.</param>
    /// <param name="count">How many there are; those beyond what this node's rules allow are counted and left.</param>
    /// <returns>How many are in the buffer of received handles.</returns>
    private int Admit(ref WireReader reader, int count)
    {
        var admitted = 0;
        for (var i = 0; i < count; i++)
        {
            if (admitted == _rules.MaximumBuffer)
            {
                _node.Counters.Drop(DropReason.Excess);
                break;
            }

            if (!Descriptor.TryRead(ref reader, out var descriptor))
            {
                continue;
            }

            var refused = TryAdmit(descriptor, out var handle);
            if (refused != DropReason.None)
            {
                _node.Counters.Drop(refused);
            }
            else if (handle != PeerTable.NoHandle)
            {
                _node.Table.Pin(handle);
                _work.Received[admitted] = handle;
                _work.ReceivedAges[admitted] = descriptor.AgeCycles;
                admitted++;
            }
        }

        return admitted;
    }

    private DropReason TryAdmit(in Descriptor named, out uint handle)
    {
        handle = PeerTable.NoHandle;
        var isHint = _node.Envelope.ProvesSenders && named.Id != _node.Guard.Input.Sender;
        var descriptor = isHint ? AsHint(named) : named;
        if (descriptor.Id == _node.Self.Id)
        {
            return MetOneself(descriptor);
        }

        if (_departed.Contains(descriptor.Id, descriptor.Incarnation))
        {
            return DropReason.Departed;
        }

        var usable = _node.Routes.Usable(descriptor.Addresses);
        if (usable.IsEmpty)
        {
            // Also what names this node's own address: after a restart without state it was itself.
            return DropReason.Unreachable;
        }

        if (_quarantine.Count > 0 && IsOldNews(descriptor, usable))
        {
            return DropReason.Quarantined;
        }

        if (isHint && _node.Table.TryFind(descriptor.Id, out handle)
            && descriptor.Incarnation > _node.Table[handle].Incarnation
            && _node.Envelope.IsMet(descriptor.Id, _node.Now))
        {
            // What the node has said of itself counts for as long as it is met, also that it leaves.
            return DropReason.NotItsOwn;
        }

        var isOwners = _node.Envelope.ProvesSenders && !isHint;
        var news = _node.Table.Learn(descriptor, out handle, isOwners);
        if (news is PeerNews.Newer or PeerNews.Completed)
        {
            RefreshEntry(handle, news, descriptor.AgeCycles);
        }

        return news switch
        {
            PeerNews.Stale => DropReason.StaleIncarnation,
            PeerNews.NoRoom => DropReason.TableFull,
            _ => DropReason.None,
        };
    }

    /// <summary>
    /// What a node says of another where senders are proven: that it may be there. Its metadata are for itself to tell.
    /// </summary>
    private static Descriptor AsHint(in Descriptor named) => new(
        named.Id, named.Incarnation, named.AgeCycles, named.Addresses, MetadataPresence.Omitted, default);

    /// <summary>Whether no address of a peer has answered since it described itself; one that may is enough.</summary>
    private bool IsOldNews(in Descriptor descriptor, in NodeAddresses usable)
    {
        var agesPerCycle = _rules.AgesWhenContacted ? 2 : 1;
        var (spokenAt, earliest) = (SpokenAt(descriptor, agesPerCycle), SpokenAt(descriptor, 1));
        return (!usable.HasIPv4 || _quarantine.Holds(usable.IPv4, spokenAt, earliest, _node.Now))
            && (!usable.HasIPv6 || _quarantine.Holds(usable.IPv6, spokenAt, earliest, _node.Now));
    }

    /// <summary>
    /// When a peer described itself if ages grow so often a cycle: at least once, and where contacts age, about twice.
    /// </summary>
    private Instant SpokenAt(in Descriptor descriptor, int agesPerCycle) => _node.Now
        + (_options.CycleTime * (-descriptor.AgeCycles / (double)(_rules.AgeUnitsPerCycle * agesPerCycle)));

    /// <summary>
    /// The age of an earlier life says nothing about the new one, so the one received takes its place.
    /// </summary>
    private void RefreshEntry(uint handle, PeerNews news, ushort age)
    {
        var index = View.IndexOf(handle);
        if (index < 0)
        {
            return;
        }

        ViewChanged = true;
        if (news == PeerNews.Newer)
        {
            _ages[index] = age;
        }
    }

    /// <summary>Merges what was admitted; afterwards exactly the entries of the view are pinned by it.</summary>
    [SkipLocalsInit]
    private void Merge(int admitted, ReadOnlySpan<uint> sent)
    {
        if (admitted == 0)
        {
            return;
        }

        Span<uint> before = stackalloc uint[PeerSamplingOptions.MaximumViewSize];
        before = before[.._count];
        Handles.CopyTo(before);
        var received = _work.Received.AsSpan(0, admitted);
        var view = View;
        ExchangeKernel.Merge(
            _rules,
            ref view,
            received,
            _work.ReceivedAges.AsSpan(0, admitted),
            sent,
            PeerTable.SelfHandle,
            ref _node.Random);
        _count = view.Count;
        PinAll(Handles);
        UnpinAll(before);
        UnpinAll(received);
        ViewChanged = true;
        if (before.IsEmpty && _count > 0)
        {
            OnJoined();
        }
    }

    private void PinAll(ReadOnlySpan<uint> handles)
    {
        foreach (var handle in handles)
        {
            _node.Table.Pin(handle);
        }
    }

    private void UnpinAll(ReadOnlySpan<uint> handles)
    {
        foreach (var handle in handles)
        {
            _node.Table.Unpin(handle);
        }
    }
}
