using Hearsay.Protocols.Aggregation.Epochs;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>How a node finds the epoch of the others.</summary>
internal sealed partial class AggregationProtocol
{
    /// <summary>After so many cycles in which nobody said anything, a node begins an epoch.</summary>
    private const int JoinPatience = 4;

    /// <summary>After so many in which all it asked said that they know none either, too.</summary>
    private const int CyclesOfIgnorance = 2;

    private readonly EpochHearsay _heard = new();

    private int _joinCycles;

    /// <summary>How many were asked in this cycle, and said that they know no epoch.</summary>
    private (int Asked, int Ignorant) _asked;

    /// <summary>Cycles in a row in which all did.</summary>
    private int _ignorantCycles;

    /// <summary>Whether this node began its epochs itself, and has exchanged with nobody since.</summary>
    private bool _isFounder;

    /// <summary>When an epoch may be begun anew for the sake of a newcomer.</summary>
    private Instant _anewAgain;

    /// <summary>A node without an epoch asks three peers, and believes the one in the middle.</summary>
    private void JoinCycle(IProtocolContext context)
    {
        _joinCycles++;
        var peers = _witnesses.AsSpan(0, context.Peers.GetPeers(_witnesses));
        if (TryJoin(context, Math.Max(1, _joinCycles > 2 ? 1 : peers.Length)))
        {
            return;
        }

        // Who has nobody to ask, and was told of nobody, need not wait for an answer.
        _ignorantCycles = _asked.Ignorant > 0 && _asked.Ignorant == _asked.Asked ? _ignorantCycles + 1 : 0;
        if (_joinCycles > JoinPatience || _ignorantCycles >= CyclesOfIgnorance
            || (peers.IsEmpty && !context.IsJoining))
        {
            _clock.Begin(context.Now);
            _isFounder = true;
            BeginEpoch(context);
            return;
        }

        _pending.Clear();
        _asked = (peers.Length, 0);
        foreach (ref readonly var peer in peers)
        {
            Ask(context, peer);
        }
    }

    /// <summary>Enters the epoch that so many partners say it is.</summary>
    private bool TryJoin(IProtocolContext context, int witnesses)
    {
        if (_heard.Count < witnesses)
        {
            return false;
        }

        var (epoch, elapsed) = _heard.Middle(context.Now);
        _clock.Join(epoch, elapsed, context.Now);
        _isFounder = false;
        BeginEpoch(context);
        return true;
    }

    /// <summary>How many different partners must agree: three, or all there are.</summary>
    private int Witnesses(IProtocolContext context) => Math.Max(1, context.Peers.GetPeers(_witnesses));

    /// <summary>A partner of this node's choice told its epoch.</summary>
    private void Hear(IProtocolContext context, NodeId from, in AggregationHeader header)
    {
        if (_clock.Phase == EpochPhase.Joining)
        {
            _heard.Add(from, header.Epoch, header.Elapsed, context.Now);
            TryJoin(context, Witnesses(context));
        }
        else if (_clock.IsFar(header.Epoch))
        {
            HearFar(context, from, header);
        }
        else
        {
            _heard.Clear();
            Follow(header, isAsked: true);
        }
    }

    /// <summary>
    /// A partner of this node's choice is in an epoch out of reach: three of them, and the node joins anew. It has come
    /// to another cluster, of which it knows nothing yet.
    /// </summary>
    private void HearFar(IProtocolContext context, NodeId from, in AggregationHeader header)
    {
        Counters.FarEpochs++;
        _heard.Add(from, header.Epoch, header.Elapsed, context.Now);
        if (_heard.Count < Witnesses(context))
        {
            return;
        }

        ForgetCluster();
        Rejoin();
    }

    /// <summary>What was agreed on with others than those there are now.</summary>
    private void ForgetCluster()
    {
        _sizes.Forget();
        _sizesHeard.Clear();
        foreach (var slot in _table.Slots)
        {
            if (slot.Definition.Method != AggregateMethod.FlowUpdating)
            {
                _sink?.OnLifeEnded(slot.Id, isForgotten: false);
            }
        }
    }

    private void Rejoin()
    {
        Counters.Rejoins++;
        Counters.Unsettled += _pending.Clear();
        _clock.Rejoin();
        (_joinCycles, _ignorantCycles, _asked) = (0, 0, default);
    }

    /// <summary>
    /// Somebody comes to a node that has been alone since it began to count: nobody else is in its epoch, so it may as
    /// well end, and the two need not wait for that.
    /// </summary>
    private void BeginAnewFor(IProtocolContext context, in AggregationHeader newcomer)
    {
        if (newcomer.Epoch == 0 && _isFounder && _clock.Phase == EpochPhase.Running && !_clock.IsYoung(context.Now)
            && context.Now >= _anewAgain)
        {
            _anewAgain = context.Now + _clock.Length;
            _clock.Begin(context.Now);
            BeginEpoch(context);
        }
    }
}
