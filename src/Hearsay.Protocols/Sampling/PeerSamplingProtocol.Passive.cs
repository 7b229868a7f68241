namespace Hearsay.Protocols;

/// <summary>The passive side: the answer is prepared first, then what came in is merged, then the view ages.</summary>
internal sealed partial class PeerSamplingProtocol
{
    /// <summary>Who contacted this node lately: they have it in their view and are told when it leaves.</summary>
    private readonly NodeAddress[] _callers = new NodeAddress[32];
    private int _nextCaller;

    private DropReason OnRequest(in Link link, NodeId sender, ref WireReader reader, int packetBytes)
    {
        var request = ExchangeRequest.Read(ref reader);
        if (reader.Failed || !DescriptorsAreFine(reader, request.Count))
        {
            return DropReason.Malformed;
        }

        if (sender == _node.Self.Id)
        {
            ForgetContactThatIsThisNode(request.Nonce);
            return DropReason.OwnId;
        }

        if (!_replays.TryAdd(request.Nonce))
        {
            return DropReason.Replayed;
        }

        if (!request.Expected.IsNone && request.Expected != _node.Self.Id)
        {
            SendReply(link, request.Nonce, wrongTarget: true, [], [], packetBytes, withOwn: true);
            return DropReason.None;
        }

        _node.Counters.ExchangesAnswered++;
        AgeByTheClock();
        Answer(link, sender, request, ref reader, packetBytes);
        return DropReason.None;
    }

    private void Answer(
        in Link link, NodeId sender, in ExchangeRequest request, ref WireReader reader, int packetBytes)
    {
        var sent = PrepareAnswer(request.Mode, out var sentAges);
        var introduces = (request.Mode & (ExchangeMode.Join | ExchangeMode.Look)) != 0;
        var pulls = (request.Mode & ExchangeMode.Pull) != 0;
        var withOwn = introduces || (pulls && ExchangeKernel.SendsOwnDescriptor(_rules, answers: true));
        var answered = SendReply(link, request.Nonce, wrongTarget: false, sent, sentAges, packetBytes, withOwn);
        if ((request.Mode & ExchangeMode.Look) != 0)
        {
            return;
        }

        Remember(link);
        if ((request.Mode & ExchangeMode.Push) != 0 && request.Count > 0)
        {
            TakeIn(link, request, sent[..answered], ref reader, packetBytes);
        }

        if (_rules.AgesWhenContacted)
        {
            AgeForContact(sender);
        }
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
            _rules, ref view, answers: true, _prepared, _preparedAges, ref _node.Random);
        ages = _preparedAges.AsSpan(0, count);
        return _prepared.AsSpan(0, count);
    }

    private void TakeIn(
        in Link link, in ExchangeRequest request, ReadOnlySpan<uint> sent, ref WireReader reader, int packetBytes)
    {
        if (_rules.Form == ExchangeForm.Cyclon && (request.Mode & ExchangeMode.Join) != 0)
        {
            StartWalks(link, ref reader, packetBytes);
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

    private void Remember(in Link link)
    {
        // A stream's remote port is not where that node listens.
        if (link.Kind == LinkKind.Datagram)
        {
            _quarantine.Heard(link.Address);
            _callers[_nextCaller] = link.Address;
            _nextCaller = (_nextCaller + 1) % _callers.Length;
        }
    }
}
