using Hearsay.Protocols.Rumors;

namespace Hearsay.Protocols.Rumors;

/// <content>The active side: the contacts of a cycle, and the content of a datagram.</content>
internal sealed partial class RumorProtocol
{
    /// <summary>Room that a call keeps free beyond its rumors, so that a short answer and a refusal fit.</summary>
    private const int CallRoomBytes = 64;

    /// <summary>Whether the outcome of telling decides when interest is lost.</summary>
    private bool UsesFeedback => _options.Feedback && _options.Mode <= RumorMode.PushPull;

    private bool IsCall => _options.Mode is RumorMode.PushPull or RumorMode.MedianCounter;

    private void BeginCycle(IProtocolContext context)
    {
        var partners = context.Peers.GetPeers(_partners);
        for (var i = 0; i < partners; i++)
        {
            Contact(context, _partners[i], _options.HuntLimit);
        }

        if (_options.Mode == RumorMode.PushThenPull && context.Peers.TryGetPeer(out var asked))
        {
            Ask(context, asked, _options.HuntLimit);
        }
    }

    /// <summary>A partner turned the contact away: another one is tried.</summary>
    private void Hunt(IProtocolContext context, int huntsLeft)
    {
        if (huntsLeft > 0 && context.Peers.TryGetPeer(out var partner))
        {
            Contact(context, partner, huntsLeft - 1);
        }
    }

    private void Contact(IProtocolContext context, in Peer partner, int huntsLeft)
    {
        var tells = false;
        foreach (var place in _memory.Live)
        {
            tells |= RumorKernel.Tells(_options, _memory[place].State);
        }

        if (tells)
        {
            TellAll(context, partner, huntsLeft);
        }
        else if (_options.Mode is RumorMode.Pull || IsCall)
        {
            Ask(context, partner, huntsLeft);
        }
    }

    /// <summary>Everything hot, in as many datagrams as a contact may take; the rest has its turn next time.</summary>
    private void TellAll(IProtocolContext context, in Peer partner, int huntsLeft)
    {
        var nonce = NewNonce(context);
        var room = RumorMessage.MaximumBodyBytes - (IsCall ? CallRoomBytes : 0);
        var (told, live, datagrams) = (0, _memory.LiveCount, 0);
        var first = _firstToTell % live;
        while (told < live && datagrams < _options.DatagramsPerContact)
        {
            var writer = new WireWriter(_rumors);
            BeginRumors(ref writer, nonce, 0);
            var count = 0;
            for (; told < live && count < byte.MaxValue; told++)
            {
                ref var rumor = ref _memory[_memory.Live[(first + told) % live]];
                if (!RumorKernel.Tells(_options, rumor.State))
                {
                    continue;
                }

                if (writer.Position + EntryBytes(rumor) > room)
                {
                    break;
                }

                WriteEntry(ref writer, ref rumor, withText: true);
                count++;
            }

            datagrams++;
            var isLast = told == live || datagrams == _options.DatagramsPerContact;
            SendTold(context, partner, ref writer, count, isLast);
        }

        Counters.Deferred += live - told;
        _firstToTell = (first + told) % live;
        _contacts.Add(nonce, datagrams, huntsLeft);
    }

    private void SendTold(
        IProtocolContext context, in Peer partner, ref WireWriter writer, int count, bool isLast)
    {
        var flags = UsesFeedback ? RumorMessage.WantsFeedback : 0;
        if (IsCall && isLast)
        {
            flags |= RumorMessage.WantsAnswer;
            writer.WriteZeros(CallRoomBytes);
        }

        writer.Patch(8, (byte)flags);
        writer.Patch(9, (byte)count);
        context.Send(partner, RumorMessage.Rumors, writer.Written);
    }

    private void Ask(IProtocolContext context, in Peer partner, int huntsLeft)
    {
        var nonce = NewNonce(context);
        _contacts.Add(nonce, 1, huntsLeft);
        SendPull(context, partner, nonce, 0, RumorMessage.LeastPullBytes);
    }

    /// <summary>The partner has more than its answer had room for: it is asked again, with that room.</summary>
    private void AskOn(IProtocolContext context, in Peer partner, ulong nonce, int room) => SendPull(
        context, partner, nonce, RumorMessage.GoesOn,
        Math.Clamp(room, RumorMessage.LeastPullBytes, RumorMessage.MaximumBodyBytes));

    private void SendPull(IProtocolContext context, in Peer partner, ulong nonce, byte flags, int length)
    {
        var writer = new WireWriter(_rumors);
        writer.WriteUInt64(nonce);
        writer.WriteByte(flags);
        writer.WriteByte(0);
        if (_options.Digests || _options.Mode == RumorMode.PushThenPull)
        {
            WriteDigest(context, ref writer);
        }
        else if (IsCall && flags == RumorMessage.GoesOn)
        {
            WriteTold(ref writer);
        }

        writer.WriteZeros(Math.Max(0, length - writer.Position));
        Counters.RequestsSent++;
        context.Send(partner, RumorMessage.Pull, writer.Written);
    }

    /// <summary>The keys of what this node learned last and what others may still have to tell.</summary>
    private void WriteDigest(IProtocolContext context, ref WireWriter writer)
    {
        var oldest = context.Now + -(_options.MaximumAgeCycles * _options.CycleTime);
        var count = 0;
        while (count < Math.Min(_memory.Count, RumorMessage.MaximumKeys))
        {
            ref var rumor = ref _memory.Newest(count);
            if (rumor.Since < oldest)
            {
                break;
            }

            writer.WriteUInt64(rumor.Key);
            count++;
        }

        writer.Patch(9, (byte)count);
    }

    /// <summary>The keys of what the call has told already.</summary>
    private void WriteTold(ref WireWriter writer)
    {
        var count = 0;
        foreach (var place in _memory.Live)
        {
            if (count < RumorMessage.MaximumKeys && RumorKernel.Tells(_options, _memory[place].State))
            {
                writer.WriteUInt64(_memory[place].Key);
                count++;
            }
        }

        writer.Patch(9, (byte)count);
    }

    private static void BeginRumors(ref WireWriter writer, ulong nonce, int flags)
    {
        writer.WriteUInt64(nonce);
        writer.WriteByte((byte)flags);
        writer.WriteByte(0);
    }

    private static int EntryBytes(in KnownRumor rumor) => RumorMessage.EntryHeadBytes + rumor.Text!.Length;

    private void WriteEntry(ref WireWriter writer, ref KnownRumor rumor, bool withText)
    {
        writer.WriteNodeId(rumor.Id.Origin);
        writer.WriteUInt64(rumor.Id.Incarnation);
        writer.WriteUInt32(rumor.Id.Sequence);
        writer.WriteUInt16(rumor.State.Age);
        writer.WriteByte(rumor.State.Counter);
        writer.WriteUInt16(withText ? (ushort)rumor.Text!.Length : RumorMessage.NoText);
        if (withText)
        {
            writer.WriteBytes(rumor.Text);
        }

        RumorKernel.Told(ref rumor.Tally);
        Counters.CopiesSent++;
    }

    private static ulong NewNonce(IProtocolContext context) => context.Random.NextUInt64() | 1;
}
