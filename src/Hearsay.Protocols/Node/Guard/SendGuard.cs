using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Node.Guard;

/// <summary>
/// Decides what the node sends to whom, for all its protocols together. Over datagrams, in handling an input from an
/// address that is not proven, no more bytes and packets are sent than came, to whomever. An address that never
/// answered gets one small packet a cycle until its tries are used up; what is longer waits until it has answered.
/// </summary>
/// <remarks>
/// An address proves itself by sending back a number that was sent to it and to nobody else: every first packet to an
/// address carries one as a frame of the node's own (<see cref="Frame.Challenge"/>), and every node sends it back with
/// its answer, or alone if there is none (<see cref="Frame.Echo"/>). So the protocols need not know of it.
/// </remarks>
internal sealed class SendGuard
{
    /// <summary>The longest first packet to an address, exchanges of views apart.</summary>
    public int SmallBytes => _envelope.HeadBytes + SmallRoomBytes;

    /// <summary>The longest body in a first packet.</summary>
    public const int SmallBodyBytes = SmallRoomBytes - Frame.ProofBytes - Frame.HeaderBytes;

    /// <summary>A packet with nothing in it but a number, or a number that comes back.</summary>
    public int LookBytes => Math.Max(_envelope.HeadBytes + Frame.ProofBytes, _envelope.LeastDatagramBytes);

    /// <summary>The frames of such a first packet: in mode open it has 160 bytes.</summary>
    private const int SmallRoomBytes = 160 - Envelope.SizeBytes;

    /// <summary>Sources that may be asked to prove themselves after an input.</summary>
    private const int MaximumSuspects = 8;

    private readonly ProvenAddresses _proven;
    private readonly AddressTrials _trials;
    private readonly HeldPackets _held;
    private readonly NodeCounters _counters;
    private readonly NodeEnvelope _envelope;
    private readonly (NodeAddress Address, NodeId Id)[] _suspects = new (NodeAddress, NodeId)[MaximumSuspects];
    private readonly ulong _tokenKey;
    private SeededRandom _random;
    private int _suspectCount;

    /// <summary>A guard for a node of these options.</summary>
    public SendGuard(NodeCoreOptions options, NodeEnvelope envelope, NodeCounters counters)
    {
        _envelope = envelope;
        _random = SeededRandom.For(options.Seed, 0, 0, 3);
        _tokenKey = _random.NextUInt64();
        _proven = new ProvenAddresses(
            SeededRandom.Mix(_random.NextUInt64() ^ _tokenKey), options.VouchedAddresses.Count);
        _trials = new AddressTrials(options.Sampling.CycleTime);
        _held = new HeldPackets(options.Sampling.CycleTime);
        _counters = counters;
        foreach (var address in options.VouchedAddresses)
        {
            _proven.Vouch(address);
        }
    }

    /// <summary>What the input being handled allows.</summary>
    public InputBudget Input { get; } = new();

    /// <summary>Whether a source waits to be asked for a proof.</summary>
    public bool HasSuspects => _suspectCount > 0;

    /// <summary>The bytes of its arrays.</summary>
    public long StateBytes => _proven.StateBytes + _trials.StateBytes;

    /// <summary>Another time between cycles from now on.</summary>
    public void ChangeCycleTime(TimeSpan time)
    {
        _trials.ChangeCycleTime(time);
        _held.ChangeLongest(time);
    }

    /// <summary>An input begins.</summary>
    public void BeginInput(in Link from, int bytes, Instant now)
    {
        var isProven = from.Kind == LinkKind.Datagram && _proven.Heard(from.Address, now);
        if (from.Kind == LinkKind.Datagram && !isProven)
        {
            _trials.Heard(from.Address, bytes);
        }

        Input.Begin(from, bytes, isProven);
    }

    /// <summary>
    /// The input was handled. A source that would have caused more than it may is asked for a proof soon, so that next
    /// time it may.
    /// </summary>
    public void EndInput()
    {
        if (Input.WasShort && Input.From is { } from && _suspectCount < MaximumSuspects
            && !IsSuspect(from.Address))
        {
            _suspects[_suspectCount++] = (from.Address, Input.Sender);
        }

        Input.End();
    }

    /// <summary>Takes one of the sources that wait to be asked for a proof.</summary>
    public bool TryTakeSuspect(out NodeAddress address, out NodeId id)
    {
        (address, id) = _suspectCount > 0 ? _suspects[--_suspectCount] : default;
        return !address.IsNone;
    }

    /// <summary>Whether an address is proven.</summary>
    public bool IsProven(in NodeAddress address, Instant now) => _proven.Contains(address, now);

    /// <summary>Whether an address was sent something, or may be, and has not answered.</summary>
    public bool IsOnTrial(in NodeAddress address) => _trials.Find(address) >= 0;

    /// <summary>Writes what goes before the frames of a packet: the number to send back, and one of this node's.
    /// </summary>
    /// <param name="writer">Stands behind the envelope.</param>
    /// <param name="to">Where the packet goes.</param>
    /// <param name="bytes">How long it will be without this.</param>
    /// <param name="reason">Why it is sent.</param>
    /// <param name="now">The present moment.</param>
    public void WriteHead(ref WireWriter writer, in Link to, int bytes, SendReason reason, Instant now)
    {
        if (Input.Echo != 0 && Input.IsSource(to.Address) && bytes + Frame.ProofBytes <= _envelope.MaximumDatagramBytes)
        {
            Frame.WriteProof(ref writer, Frame.Echo, Input.Echo);
            Input.Echo = 0;
            bytes += Frame.ProofBytes;
        }

        if (_proven.Contains(to.Address, now))
        {
            return;
        }

        var trial = TrialOf(to.Address);
        var longer = bytes + Frame.ProofBytes;
        var isFirst = reason == SendReason.Exchange && _trials.IsNew(trial, now);
        var mayBeLong = isFirst || reason == SendReason.Contact || to.Kind == LinkKind.Stream;
        var room = reason == SendReason.Contact ? int.MaxValue : _trials.RoomFor(trial, now);
        if (room >= longer && (mayBeLong || longer <= SmallBytes) && Input.HasRoomFor(longer, reason))
        {
            Frame.WriteProof(ref writer, Frame.Challenge, _trials[trial].Token);
        }
    }

    /// <summary>Decides about a packet that is ready to be sent.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="packet">The packet, begun with <see cref="WriteHead"/>.</param>
    /// <param name="reason">Why.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="look">A number to be sent in its place; 0 for none.</param>
    public SendOutcome Judge(
        in Link to, ReadOnlySpan<byte> packet, SendReason reason, Instant now, out ulong look)
    {
        look = 0;
        if (reason == SendReason.Contact || _proven.Contains(to.Address, now))
        {
            return Input.TryTake(packet.Length, reason) ? SendOutcome.Sent : Refused();
        }

        var trial = TrialOf(to.Address);
        var isFirst = Frame.HasChallenge(packet[_envelope.HeadBytes..]);
        if (_trials.RoomFor(trial, now) >= (isFirst ? packet.Length : LookBytes))
        {
            if (!Input.TryTake(isFirst ? packet.Length : LookBytes, reason))
            {
                return Refused();
            }

            _trials.Try(trial, now);
            if (isFirst)
            {
                return SendOutcome.Sent;
            }

            look = _trials[trial].Token;
        }
        else if (!_trials.IsUnderWay(trial, now))
        {
            return Refused();
        }

        // An exchange of views is made anew when its time has come.
        return reason == SendReason.Exchange ? SendOutcome.Held : Hold(to, packet, now);
    }

    /// <summary>Whether an address may be sent a look, and the number in it.</summary>
    public bool TryLook(in NodeAddress address, Instant now, out ulong token)
    {
        token = 0;
        if (_proven.Contains(address, now))
        {
            return false;
        }

        var trial = TrialOf(address);
        if (_trials.RoomFor(trial, now) < LookBytes)
        {
            return false;
        }

        _trials.Try(trial, now);
        token = _trials[trial].Token;
        return true;
    }

    /// <summary>The number that an answer asks its receiver to send back; 0 if it need not.</summary>
    public ulong ProofWanted(in NodeAddress address, Instant now)
    {
        if (!Input.WantsProof && _trials.Find(address) < 0)
        {
            return 0;
        }

        return _proven.Contains(address, now) ? 0 : _trials[TrialOf(address)].Token;
    }

    /// <summary>A number came back: who was sent it lives there.</summary>
    /// <param name="token">The number.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="address">The address that was sent it, whatever the packet's source.</param>
    /// <param name="roundTrip">The time since it was last sent something; zero if that is not known.</param>
    public bool TryProve(ulong token, Instant now, out NodeAddress address, out TimeSpan roundTrip)
    {
        (address, roundTrip) = (default, default);
        var trial = _trials.FindToken(token);
        if (trial < 0)
        {
            return false;
        }

        ref readonly var found = ref _trials[trial];
        (address, roundTrip) = (found.Address, found.Tries > 0 ? now - found.TriedAt : TimeSpan.Zero);
        _trials.Remove(trial);
        Prove(address, now);
        if (Input.IsSource(address))
        {
            Input.Lift();
        }

        return true;
    }

    /// <summary>An address has proven itself otherwise: what the envelope sent there came back.</summary>
    /// <returns>False if it was proven already.</returns>
    public bool TryProve(in NodeAddress address, Instant now)
    {
        if (_proven.Contains(address, now))
        {
            return false;
        }

        if (_trials.Find(address) is >= 0 and var trial)
        {
            _trials.Remove(trial);
        }

        Prove(address, now);
        return true;
    }

    /// <summary>Takes a packet that waited for an address to prove itself.</summary>
    public bool TryTakeHeld(in NodeAddress address, Instant now, out Span<byte> packet) =>
        _held.TryTake(address, now, out packet);

    private SendOutcome Hold(in Link to, ReadOnlySpan<byte> packet, Instant now)
    {
        if (packet.Length > _envelope.MaximumDatagramBytes)
        {
            return Refused();
        }

        _counters.SendsHeld++;
        _counters.SendsRefused += _held.Add(to.Address, packet, now);
        return SendOutcome.Held;
    }

    private void Prove(in NodeAddress address, Instant now)
    {
        var displaced = _proven.Displaced;
        _proven.Add(address, now);
        _counters.AddressesForgotten += _proven.Displaced - displaced;
        _counters.AddressesProven++;
    }

    private bool IsSuspect(in NodeAddress address)
    {
        for (var i = 0; i < _suspectCount; i++)
        {
            if (_suspects[i].Address == address)
            {
                return true;
            }
        }

        return false;
    }

    private SendOutcome Refused()
    {
        _counters.SendsRefused++;
        return SendOutcome.Refused;
    }

    private int TrialOf(in NodeAddress address)
    {
        var place = _trials.Find(address);
        if (place >= 0)
        {
            return place;
        }

        var displaced = _trials.Displaced;
        place = _trials.Add(address, NextToken());
        _counters.AddressesForgotten += _trials.Displaced - displaced;
        return place;
    }

    private ulong NextToken()
    {
        var token = 0UL;
        while (token == 0)
        {
            token = SeededRandom.Mix(_random.NextUInt64() ^ _tokenKey);
        }

        return token;
    }
}
