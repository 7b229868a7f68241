using Hearsay.Protocols.Security;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Rotation;

/// <summary>
/// Spreads the keyring of a cluster: every node asks one other a minute whether its ring is the same, and three others
/// a second for a while after its ring has changed. <see cref="KeyringMessage"/> has the messages.
/// </summary>
/// <remarks>
/// It trusts nobody: what it takes is signed by the operator. It keeps nothing of others but, for whoever rotates, a
/// bounded list of who follows.
/// </remarks>
/// <param name="security">The keys of this node, whose ring is signed.</param>
internal sealed class KeyringProtocol(NodeSecurity security) : IProtocol
{
    /// <summary>How often a node asks while nothing happens.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromSeconds(60);

    /// <summary>How often it asks after a change.</summary>
    public static readonly TimeSpan Hurried = TimeSpan.FromSeconds(1);

    /// <summary>So many times in a hurry after a start.</summary>
    public const int RoundsAfterStart = 3;

    /// <summary>So many times in a hurry after a change. Three asked a second reach a million nodes in that time.
    /// </summary>
    public const int RoundsAfterChange = 15;

    /// <summary>How many are asked at a time.</summary>
    public const int AskedAtATime = 3;

    /// <summary>Rings that are sent in a second at most, and rings that are looked at.</summary>
    public const int MostASecond = 64;

    private readonly SignedKeyring _ring = security.Ring
        ?? throw new ArgumentException("A ring that nobody can change needs no protocol.", nameof(security));

    private readonly byte[] _body = new byte[SignedKeyring.MaximumBytes];
    private readonly Peer[] _asked = new Peer[AskedAtATime];
    private KeyringWatch? _watch;
    private int _rounds = RoundsAfterStart;
    private Instant _second;
    private int _sentThisSecond;
    private int _readThisSecond;
    private (NodeId To, Instant At) _lastSent;

    /// <inheritdoc/>
    public byte Id => KeyringMessage.Protocol;

    /// <summary>What it has counted.</summary>
    public KeyringCounters Counters { get; } = new();

    /// <inheritdoc/>
    public void Start(IProtocolContext context) => context.Schedule(Hurried, 0);

    /// <inheritdoc/>
    public void OnCommand(IProtocolContext context, object command)
    {
        if (command is KeyringWatch watch)
        {
            _watch = watch;
            Spread(context);
        }
        else if (command is byte[] ring && _ring.Merge(ring).HasNews)
        {
            Changed(context);
        }
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        if (!security.IsChanging(context.Now) && _ring.Expire())
        {
            security.Adopt(context.Now);
        }

        var isHurried = _rounds > 0 || _watch is not null;
        var count = context.Peers.GetPeers(_asked.AsSpan(0, isHurried ? AskedAtATime : 1));
        var length = WriteDigest();
        foreach (ref readonly var peer in _asked.AsSpan(0, count))
        {
            context.Send(peer, KeyringMessage.Ask, _body.AsSpan(0, length));
        }

        // Whom nobody is there to ask yet asks later.
        _rounds -= count > 0 && _rounds > 0 ? 1 : 0;
        context.Schedule(
            isHurried ? Hurried : context.Random.Between(Between * 0.75, Between * 1.25), 0);
    }

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case KeyringMessage.Ask:
                OnAsk(context, from, body);
                break;
            case KeyringMessage.Keys:
                OnKeys(context, from, body);
                break;
            case KeyringMessage.Same when IsSame(body):
                security.SenderIsUpToDate?.Invoke();
                _watch?.Note(from.Id, follows: true);
                break;
            default:
                break;
        }
    }

    private void OnAsk(IProtocolContext context, in Peer from, ReadOnlySpan<byte> body)
    {
        if (IsSame(body))
        {
            security.SenderIsUpToDate?.Invoke();
            _watch?.Note(from.Id, follows: true);
            ReplySame(context);
            return;
        }

        if (body.Length >= sizeof(ulong))
        {
            _watch?.Note(from.Id, follows: false);
        }

        SendKeys(context, from);
    }

    private void OnKeys(IProtocolContext context, in Peer from, ReadOnlySpan<byte> body)
    {
        if (!MayGoOn(context.Now, ref _readThisSecond))
        {
            return;
        }

        var merge = _ring.Merge(body);
        if (merge.IsRefused)
        {
            Counters.Refused++;
            return;
        }

        if (merge.HasNews)
        {
            Changed(context);
        }

        _watch?.Note(from.Id, follows: !merge.SenderLacks);
        if (merge.SenderLacks)
        {
            SendKeys(context, from);
            return;
        }

        security.SenderIsUpToDate?.Invoke();
        if (merge.HasNews)
        {
            ReplySame(context);
        }
    }

    private void Changed(IProtocolContext context)
    {
        Counters.Changed++;
        security.Adopt(context.Now);
        Spread(context);
    }

    private void Spread(IProtocolContext context)
    {
        _rounds = RoundsAfterChange;
        context.Schedule(Hurried / 4, 0);
    }

    private void ReplySame(IProtocolContext context) =>
        context.Reply(KeyringMessage.Same, _body.AsSpan(0, WriteDigest()));

    /// <summary>
    /// Rings are longer than questions, so only who has shown to be where it says is sent one, and a packet full of
    /// questions draws one.
    /// </summary>
    private void SendKeys(IProtocolContext context, in Peer to)
    {
        if (_lastSent == (to.Id, context.Now))
        {
            Counters.Throttled++;
            return;
        }

        if (!context.MustProve(out _) && MayGoOn(context.Now, ref _sentThisSecond))
        {
            Counters.Sent++;
            _lastSent = (to.Id, context.Now);
            context.Send(to, KeyringMessage.Keys, _body.AsSpan(0, _ring.Write(_body)));
        }
    }

    private int WriteDigest()
    {
        var writer = new WireWriter(_body);
        writer.WriteUInt64(_ring.Digest);
        return writer.Position;
    }

    private bool IsSame(ReadOnlySpan<byte> body) =>
        body.Length >= sizeof(ulong) && new WireReader(body).ReadUInt64() == _ring.Digest;

    private bool MayGoOn(Instant now, ref int done)
    {
        if (now - _second >= TimeSpan.FromSeconds(1))
        {
            (_second, _sentThisSecond, _readThisSecond) = (now, 0, 0);
        }

        Counters.Throttled += done >= MostASecond ? 1 : 0;
        return done < MostASecond && ++done > 0;
    }
}
