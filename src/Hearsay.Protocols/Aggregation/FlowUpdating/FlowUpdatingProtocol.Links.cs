namespace Hearsay.Protocols.Aggregation.FlowUpdating;

/// <summary>Who is a neighbour: found by the sampler, kept until it fails.</summary>
internal sealed partial class FlowUpdatingProtocol
{
    /// <summary>How many links a node asks for in a cycle.</summary>
    private const int AsksPerCycle = 2;

    /// <summary>How often somebody is asked for a link before it counts as unreachable.</summary>
    private const int AskTries = 2;

    /// <summary>
    /// Who asked for a link and does not answer a probe loses its place when so many cycles have begun.
    /// </summary>
    private const int ProbeCycles = 2;

    /// <summary>Who was not heard yet counts as silent: it is asked in the next contact.</summary>
    private const int NotHeardYet = 1;

    /// <summary>A number and a count of 0.</summary>
    private const int EmptyBytes = sizeof(uint) + 1;

    /// <summary>Without a free place a neighbour is replaced more seldom than one is added.</summary>
    private const int FullFactor = 64;

    private bool _foundNobody;

    /// <summary>Stands between the random stream and the numbers of probes.</summary>
    private ulong _probeKey;

    /// <summary>Whether there was nobody to be found: a network of one.</summary>
    private bool IsAlone => _foundNobody && Links.Count == 0;

    /// <summary>Once a cycle: counts silences, gives up who failed, looks for new ones.</summary>
    private void TendLinks()
    {
        for (var place = 0; place < Links.Places; place++)
        {
            ref var link = ref Links[place];
            if (!link.IsUsed || !link.IsOpen)
            {
                continue;
            }

            // A probe may be answered for a whole cycle; it is not sent again.
            link.IsOpen = link.IsProbed;
            Context.Unanswered(link.Peer);
            if (++link.Unanswered >= TriesOf(link))
            {
                Counters.Failures += link.IsConfirmed ? 1 : 0;
                RemoveLink(place);
            }
        }

        for (var i = 0; i < AsksPerCycle && Links.Count - Links.Probed < _flow.Neighbours; i++)
        {
            AddLink();
        }

        Mix();
    }

    private int TriesOf(in StickyLink link) => link.IsProbed ? ProbeCycles
        : link.IsConfirmed ? _flow.FailureTries : NotHeardYet + AskTries;

    /// <summary>One more neighbour now and then, in the place of the least used one if there is no room.</summary>
    private void Mix()
    {
        var isDue = Context.Random.Below(_flow.MixCycles * (Links.IsFull ? FullFactor : 1)) == 0;
        if (!isDue || Links.Count < _flow.Neighbours)
        {
            return;
        }

        if (Links.IsFull)
        {
            Counters.Mixed++;
            var place = LeastUsed();
            SendRefuse(place);
            RemoveLink(place);
        }

        AddLink();
    }

    /// <summary>A new link is an exchange like every other, with flows of zero.</summary>
    private void AddLink()
    {
        _foundNobody = !Context.Peers.TryGetPeer(out var peer);
        if (!_foundNobody && !Links.IsFull && Links.Find(peer.Id) < 0)
        {
            var place = Links.Add(peer, 0);
            Links[place].Unanswered = NotHeardYet;
        }
    }

    private int LeastUsed()
    {
        var (least, found) = (double.PositiveInfinity, 0);
        for (var place = 0; place < Links.Places; place++)
        {
            var share = 0.0;
            foreach (var slot in Table.Slots)
            {
                share = Math.Max(share, slot.ShareOf(place));
            }

            if (Links[place].IsUsed && share < least)
            {
                (least, found) = (share, place);
            }
        }

        return found;
    }

    private void RemoveLink(int place)
    {
        Links.Remove(place);
        foreach (var slot in Table.Slots)
        {
            slot.DropFlow(place);
        }
    }

    /// <summary>The other side has no such link, or no longer: believed if it names the exchange sent last.</summary>
    private void OnRefuse(in Peer from, uint number)
    {
        var place = Links.Find(from.Id);
        if (place < 0 || Links[place].Sent != number)
        {
            Counters.Stray++;
            return;
        }

        // Where it was only asked for, there was no link yet.
        Counters.Dropped += Links[place].IsConfirmed ? 1 : 0;
        RemoveLink(place);
    }

    /// <summary>This node goes, or has nothing to exchange any more.</summary>
    protected override void Leave()
    {
        for (var place = 0; place < Links.Places; place++)
        {
            if (Links[place].IsUsed)
            {
                SendRefuse(place);
                RemoveLink(place);
            }
        }
    }

    /// <summary>Ends a link; who was never heard over it has none.</summary>
    private void SendRefuse(int place)
    {
        ref readonly var link = ref Links[place];
        if (link.HasSeen)
        {
            var writer = new WireWriter(Buffer);
            writer.WriteUInt32(link.Seen);
            Context.Send(link.Peer, FlowUpdatingMessage.Refuse, writer.Written);
        }
    }

    /// <summary>Who has not answered yet does not take the places that this node wants for neighbours it chooses.
    /// </summary>
    private int MaximumProbed => Math.Max(1, _flow.Capacity - _flow.Neighbours);

    /// <summary>
    /// Somebody wants a link. Until it has answered, nothing goes to it but this, once for each exchange that came.
    /// </summary>
    private void Probe(in Peer from, int place, uint number)
    {
        if (place < 0 && (Links.IsFull || Links.Probed >= MaximumProbed || Table.Slots.IsEmpty))
        {
            Counters.LinksRefused++;
            Refuse(number);
            return;
        }

        if (place < 0)
        {
            place = Links.Add(from, (uint)SeededRandom.Mix(Context.Random.NextUInt64() ^ _probeKey));
            (Links[place].IsProbed, Links[place].IsOpen) = (true, true);
        }

        Span<byte> body = stackalloc byte[EmptyBytes];
        Context.ReplyTo(from, FlowUpdatingMessage.Probe, WriteEmpty(body, Links[place].Sent));
    }

    /// <summary>Somebody was asked for a link and asks back.</summary>
    private void OnProbe(in Peer from, uint number)
    {
        var place = Links.Find(from.Id);
        if (place < 0)
        {
            Counters.LinksRefused++;
            Refuse(number);
            return;
        }

        Span<byte> body = stackalloc byte[EmptyBytes];
        if (Links[place].IsConfirmed || Links[place].WasAskedBack)
        {
            Context.Reply(FlowUpdatingMessage.Answer, WriteEmpty(body, number));
            return;
        }

        // Now it will be answered. Once: whoever can forge a probe would draw one after the other.
        Links[place].WasAskedBack = true;
        Context.Send(Links[place].Peer, FlowUpdatingMessage.Answer, WriteEmpty(body, number));
        SendExchange(place);
    }

    /// <summary>Answers an exchange over a link that is not there.</summary>
    private void Refuse(uint number)
    {
        var writer = new WireWriter(stackalloc byte[sizeof(uint)]);
        writer.WriteUInt32(number);
        Context.Reply(FlowUpdatingMessage.Refuse, writer.Written);
    }

    /// <summary>A number and nothing else, in the length of the shortest exchange and answer.</summary>
    private static ReadOnlySpan<byte> WriteEmpty(Span<byte> body, uint number)
    {
        var writer = new WireWriter(body);
        writer.WriteUInt32(number);
        writer.WriteByte(0);
        return writer.Written;
    }
}
