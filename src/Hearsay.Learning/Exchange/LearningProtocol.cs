using Hearsay.Learning.State;
using Hearsay.Protocols;
using Hearsay.Protocols.Core;

namespace Hearsay.Learning.Exchange;

/// <summary>
/// Gossip learning as a protocol of a node: once a cycle it sends the freshest model to a random peer; what comes is
/// merged and learns from the data of the node.
/// </summary>
/// <remarks>
/// A long update is done in turns (<see cref="LearningOptions.NumbersPerTurn"/>), so that the node can do other work
/// in between. The newest model that comes meanwhile waits. Each node needs an object of its own. Sources: see
/// <see cref="MergeMode"/>.
/// </remarks>
internal sealed partial class LearningProtocol : IProtocol
{
    /// <summary>After so many cycles without a model of anybody a node learns alone, until one comes.</summary>
    private const int CyclesUnheard = 10;

    private readonly LearningOptions _options;
    private readonly ModelShape _shape;
    private readonly LearningData _data;
    private readonly TrainedModel? _start;
    private readonly ILearnerObserver? _observer;
    private readonly TokenAccount[] _accounts;
    private readonly Peer[] _peers;
    private readonly byte[] _buffer;
    private LearnerState? _state;
    private Instant _next;
    private long _cycle;

    /// <summary>What is to be sent when the update is complete.</summary>
    private int _sendsLeft;
    private int _partToSend;

    /// <summary>Creates the protocol for one node.</summary>
    /// <param name="model">The kind of model.</param>
    /// <param name="data">The data of the node.</param>
    /// <param name="options">The options, which are valid.</param>
    /// <param name="observer">Is told of every cycle.</param>
    /// <param name="start">A model to go on with; null to begin anew.</param>
    public LearningProtocol(
        ILearningModel model, LearningData data, LearningOptions options, ILearnerObserver? observer = null,
        TrainedModel? start = null)
    {
        (_data, _options, _observer, _start) = (data, options, observer, start);
        _shape = new ModelShape(model, options.Partitions);
        _accounts = [.. Enumerable.Range(0, options.Partitions).Select(_ => new TokenAccount(options))];
        _peers = new Peer[Math.Max(options.Fanout, options.Pulls)];
        _asked = new NodeId[options.Pulls];
        _senders = options.Robust == RobustForm.Clip ? new SendersOfPeriod(SendersOfPeriod.LimitOf(options)) : null;
        var own = LearningFrame.NumberBytes + LargestMessageBytes(_shape, options);
        _sendsLarge = own > LearningFrame.MaximumBodyBytes;
        _buffer = new byte[_sendsLarge ? LearningFrame.NumberBytes : own];

        // Others may send more of a model at a time than this node does.
        _longestBytes = ModelMessage.MaximumBytes(model, _shape.CountOf(0), bits: 32);
        _inbox = new byte[Math.Min(_longestBytes, LearningFrame.MaximumBodyBytes)];
        var offer = MayBeLarge ? LearningFrame.NumberBytes + ModelTransfers.ManifestBytes(_longestBytes) : 0;
        _unproven = new UnprovenModels(Math.Max(_inbox.Length, offer));
    }

    /// <inheritdoc/>
    public byte Id => (byte)(LearningFrame.FirstProtocol + _options.Channel);

    /// <summary>The learner; null before the start.</summary>
    public LearnerState? State => _state;

    /// <summary>The most bytes of a model on the wire, with these options or without sampling and rounding.</summary>
    public static int LargestMessageBytes(ModelShape shape, LearningOptions options) => ModelMessage.MaximumBytes(
        shape.Model, options.Subsample < 1 ? shape.SampleCount(options.Subsample) : shape.CountOf(0), options.Bits);

    /// <inheritdoc/>
    public void Start(IProtocolContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] rows = [.. Enumerable.Range(0, _data.RowCount)];
        _state = new LearnerState(
            _shape, _data, rows, _options, new LearnerScratch(_shape), ref context.Random);
        if (_start is { } start)
        {
            _state.Restore(start.Parameters.Span, start.Age);
        }

        if (MayBeLarge)
        {
            _large = new ModelTransfers(
                _longestBytes, _options.TransferBytes, context, _state.Counters, body => OnLargeModel(context, body));
        }

        _next = context.Now + context.Random.Between(TimeSpan.Zero, _options.Period);
        Arm(context);
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_large is { } large && context.Now >= large.NextDue)
        {
            large.OnDue();
        }

        if (context.Now >= _next)
        {
            _next = Cadence.Next(_next, _options.Period, context.Now);
            BeginCycle(context);
        }
        else
        {
            Learn(context);
        }

        Arm(context);
    }

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(context);
        switch (type)
        {
            case LearningFrame.Model:
                OnModel(context, from, body);
                break;
            case LearningFrame.Pull:
                OnPull(context, from, body);
                break;
            case LearningFrame.Answer:
                OnAnswer(from, body);
                break;
            default:
                OnLargeFrame(context, from, type, body);
                break;
        }

        Arm(context);
    }

    /// <summary>The deadline: at once while there is an update to go on with, else the next cycle.</summary>
    private void Arm(IProtocolContext context)
    {
        var next = _large is null ? _next : Instant.Min(_next, _large.NextDue);
        context.Schedule(_state!.IsUpdating ? TimeSpan.Zero : next - context.Now, 0);
    }

    private void BeginCycle(IProtocolContext context)
    {
        var state = _state!;
        _cycle++;
        _pullsAnswered = 0;
        _senders?.Clear();
        state.OnCycle();
        _observer?.OnCycle(state, _cycle);
        if (state.IsUpdating && MixesOnceACycle)
        {
            return; // The update takes longer than a cycle: what came is mixed in when it is complete.
        }

        if (_options.Robust == RobustForm.Nearest)
        {
            state.MixWithNearest();
            state.BeginUpdate();
            Learn(context);
            Ask(context);
        }
        else if (_options.Mode == MergeMode.EqualAverage)
        {
            state.AverageReceived();
            (_sendsLeft, _partToSend) = (_options.Fanout, 0);
            state.BeginUpdate();
            Learn(context);
        }
        else
        {
            SendOnce(context);
        }
    }

    private bool MixesOnceACycle =>
        _options.Robust == RobustForm.Nearest || _options.Mode == MergeMode.EqualAverage;

    /// <summary>Whether nobody has sent a model: those whom this node sends to may be no learners.</summary>
    private bool HearsNobody => _state!.Counters.Merged == 0 && _cycle > CyclesUnheard;

    private void SendOnce(IProtocolContext context)
    {
        var part = _options.Partitions == 1 ? 0 : context.Random.Below(_options.Partitions);
        if (!_accounts[part].OnPeriod(ref context.Random))
        {
            return;
        }

        Send(context, 1, part);
        if ((_lastSent == 0 || HearsNobody) && !_state!.IsUpdating && !_hasMail)
        {
            // Nobody to learn with: the node learns alone meanwhile.
            _state.BeginUpdate();
            Learn(context);
        }
    }

    /// <summary>
    /// Goes on with the update; when it is complete, sends what is due and takes the model that waits.
    /// </summary>
    private void Learn(IProtocolContext context)
    {
        var state = _state!;
        long numbers = _options.NumbersPerTurn;
        if (!state.IsUpdating)
        {
            return;
        }

        if (!state.ContinueUpdate(numbers, ref context.Random))
        {
            return;
        }

        if (_sendsLeft > 0)
        {
            Send(context, _sendsLeft, _partToSend);
            _sendsLeft = 0;
        }

        if (_hasMail)
        {
            ReadOnlySpan<byte> mail = _largeMail is null ? _inbox.AsSpan(0, _mailLength) : _largeMail;
            (_hasMail, _largeMail) = (false, null);
            Use(context, mail);
        }
    }

    private int _lastSent;

    private void Send(IProtocolContext context, int count, int part)
    {
        var peers = _peers.AsSpan(0, Math.Min(count, _peers.Length));
        var found = count == 1
            ? context.Peers.TryGetPeer(out peers[0]) ? 1 : 0
            : context.Peers.GetPeers(peers);
        _lastSent = _sendsLarge ? Offer(context, peers[..found], part) : 0;
        for (var i = 0; i < found && !_sendsLarge; i++)
        {
            var length = _state!.Write(part, _buffer, ref context.Random);
            if (context.Send(peers[i], LearningFrame.Model, _buffer.AsSpan(0, length)))
            {
                _lastSent++;
            }
        }

        _state!.Counters.NotSent += count - _lastSent;
    }
}
