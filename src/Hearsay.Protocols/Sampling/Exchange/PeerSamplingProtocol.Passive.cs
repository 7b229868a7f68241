using Hearsay.Protocols.Node.Peers;
using Hearsay.Protocols.Sampling.Kernels;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>The passive side: the answer is prepared first, then what came in is merged, then the view ages.</summary>
internal sealed partial class PeerSamplingProtocol
{
    /// <summary>Who contacted this node lately: they have it in their view and are told when it leaves.</summary>
    private readonly (NodeAddress Address, NodeId Id)[] _callers = new (NodeAddress, NodeId)[32];
    private int _nextCaller;

    private DropReason OnRequest(in Link link, NodeId sender, ref WireReader reader)
    {
        var request = ExchangeRequest.Read(ref reader);
        if (reader.Failed || !DescriptorsAreFine(reader, request.Count))
        {
            return DropReason.Malformed;
        }

        if (sender == _node.Self.Id)
        {
            if (Find(request.Nonce) is { } own)
            {
                ForgetContactThatIsThisNode(own);
            }
            else
            {
                OnRequestOfNamesake(link, request.Nonce);
            }

            return DropReason.OwnId;
        }

        if (!_replays.TryAdd(request.Nonce))
        {
            return DropReason.Replayed;
        }

        if (!request.Expected.IsNone && request.Expected != _node.Self.Id)
        {
            SendReply(link, request.Nonce, wrongTarget: true, [], [], withOwn: true);
            return DropReason.None;
        }

        _node.Counters.ExchangesAnswered++;
        AgeByTheClock();
        Answer(link, sender, request, ref reader);
        return DropReason.None;
    }

    private void Answer(in Link link, NodeId sender, in ExchangeRequest request, ref WireReader reader)
    {
        const ExchangeMode meets = ExchangeMode.Look | ExchangeMode.Join;
        var own = ExchangeKernel.SendsOwnDescriptor(_rules, answers: true) || (request.Mode & meets) != 0;
        var withOwn = own && (request.Mode & (ExchangeMode.Pull | meets)) != 0;
        var sent = PrepareAnswer(request.Mode, out var sentAges);
        if (withOwn && sent.Length == _rules.MaximumBuffer)
        {
            // Cyclon answers without its own descriptor, but a newcomer meets who answers.
            sent = sent[..^1];
            sentAges = sentAges[..^1];
        }

        if ((request.Mode & ExchangeMode.Push) != 0 && TryFindNewerLife(sender, reader, out var newer))
        {
            var count = Math.Min(sent.Length + 1, withOwn ? _rules.MaximumBuffer - 1 : _rules.MaximumBuffer);
            (_work.Prepared[count - 1], _work.PreparedAges[count - 1]) = (_work.Prepared[0], _work.PreparedAges[0]);
            (_work.Prepared[0], _work.PreparedAges[0]) = (newer, 0);
            sent = _work.Prepared.AsSpan(0, count);
            sentAges = _work.PreparedAges.AsSpan(0, count);
        }

        var answered = SendReply(link, request.Nonce, wrongTarget: false, sent, sentAges, withOwn);
        HeardFrom(link);
        if ((request.Mode & ExchangeMode.Look) != 0)
        {
            return;
        }

        Remember(link, sender);
        if ((request.Mode & ExchangeMode.Push) != 0 && request.Count > 0)
        {
            TakeIn(request, sent[..answered], ref reader);
        }

        if (_rules.AgesWhenContacted)
        {
            AgeForContact(sender);
        }
    }

    /// <summary>
    /// Whether a higher incarnation of the sender is known than the one it names. It lost its state or was slandered,
    /// and is refused everywhere until it is told and goes above it.
    /// </summary>
    private bool TryFindNewerLife(NodeId sender, WireReader reader, out uint handle)
    {
        handle = PeerTable.NoHandle;
        if (!Descriptor.TryRead(ref reader, out var named) || named.Id != sender)
        {
            return false;
        }

        if (_departed.Contains(sender, named.Incarnation, out var last))
        {
            // It lives, so the notice of its leave was forged. One above the life that ended makes it go above both.
            _node.Table.Learn(
                new Descriptor(
                    sender,
                    Math.Min(last + 1, Descriptor.MaximumIncarnation),
                    0,
                    named.Addresses,
                    MetadataPresence.Omitted,
                    default),
                out _);
        }

        return _node.Table.TryFind(sender, out handle) && _node.Table[handle].Incarnation > named.Incarnation;
    }

    private ReadOnlySpan<uint> PrepareAnswer(ExchangeMode mode, out ReadOnlySpan<ushort> ages)
    {
        ages = default;
        if ((mode & ExchangeMode.Pull) == 0)
        {
            return [];
        }

        var view = View;
        var count = ExchangeKernel.Prepare(
            _rules, ref view, answers: true, _work.Prepared, _work.PreparedAges, ref _node.Random);
        ages = _work.PreparedAges.AsSpan(0, count);
        return _work.Prepared.AsSpan(0, count);
    }

    private void TakeIn(in ExchangeRequest request, ReadOnlySpan<uint> sent, ref WireReader reader)
    {
        if (_rules.Form == ExchangeForm.Cyclon && (request.Mode & ExchangeMode.Join) != 0)
        {
            // The newcomer comes in by its walks.
            return;
        }

        var pushOnly = (request.Mode & ExchangeMode.Pull) == 0;
        var given = pushOnly ? _lastPushed.AsSpan(0, _lastPushedCount) : sent;
        Merge(Admit(ref reader, request.Count), given);
    }

    private void AgeForContact(NodeId sender)
    {
        if (_ageingGuard.Allow(sender, _node.Now))
        {
            IncreaseAges();
        }
        else
        {
            _node.Counters.AgeingsWithheld++;
        }
    }

    /// <summary>A stream's remote port is not where that node listens.</summary>
    private void HeardFrom(in Link link)
    {
        if (link.Kind == LinkKind.Datagram)
        {
            _quarantine.Heard(link.Address);
        }
    }

    private void Remember(in Link link, NodeId sender)
    {
        if (link.Kind == LinkKind.Datagram)
        {
            _callers[_nextCaller] = (link.Address, sender);
            _nextCaller = (_nextCaller + 1) % _callers.Length;
        }
    }
}
