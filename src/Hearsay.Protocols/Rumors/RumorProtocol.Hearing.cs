using Hearsay.Protocols.Rumors;

namespace Hearsay.Protocols.Rumors;

/// <content>The passive side: incoming frames, which may contain anything at all.</content>
internal sealed partial class RumorProtocol
{
    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(context);
        CatchUp(context);
        _teller = from.Id;
        var reader = new WireReader(body);
        var isRead = type switch
        {
            RumorMessage.Rumors => OnRumors(context, ref reader, body),
            RumorMessage.Pull => OnPull(context, ref reader, body.Length),
            RumorMessage.Feedback => OnFeedback(context, from, ref reader),
            _ => true,
        };
        Counters.Malformed += isRead ? 0 : 1;
    }

    private bool OnRumors(IProtocolContext context, ref WireReader reader, ReadOnlySpan<byte> body)
    {
        var length = body.Length;
        var (nonce, flags, count) = (reader.ReadUInt64(), reader.ReadByte(), reader.ReadByte());
        if (reader.Failed || length < RumorMessage.LeastRumorsBytes
            || count * RumorMessage.EntryHeadBytes > reader.Rest.Length)
        {
            return false;
        }

        if ((flags & RumorMessage.IsAnswer) == 0 && TurnsAway(context, nonce))
        {
            return true;
        }

        var verdicts = new WireWriter(_feedback);
        BeginFeedback(ref verdicts, nonce, 0);
        var (judged, stranger) = (0, default(NodeAddress));
        for (var i = 0; i < count; i++)
        {
            if (!TryReadEntry(ref reader, out var entry))
            {
                return false;
            }

            judged += HearEntry(context, entry, nonce, flags, ref verdicts, ref stranger) ? 1 : 0;
        }

        if (!stranger.IsNone)
        {
            KeepUntilProven(stranger, body, context.Now);
        }

        judged = (flags & RumorMessage.WantsFeedback) != 0 ? judged : 0;
        var room = 0;
        if ((flags & RumorMessage.WantsAnswer) != 0)
        {
            var verdictBytes = RumorMessage.FeedbackHeadBytes + (judged * RumorMessage.VerdictBytes);
            room = Answer(context, nonce, length - RumorMessage.FrameOverheadBytes - verdictBytes, goesOn: false);
        }

        SendFeedback(context, ref verdicts, judged, room);
        return true;
    }

    /// <summary>Reads one rumor of a frame.</summary>
    /// <returns>False if it cannot be read.</returns>
    private bool TryReadEntry(ref WireReader reader, out RumorEntry entry)
    {
        var id = new RumorId(reader.ReadNodeId(), reader.ReadUInt64(), reader.ReadUInt32());
        var (age, counter, bytes) = (reader.ReadUInt16(), reader.ReadByte(), reader.ReadUInt16());
        var hasText = bytes != RumorMessage.NoText;
        entry = new RumorEntry(id, age, counter, hasText, hasText ? reader.ReadBytes(bytes) : default);
        return !reader.Failed && !id.Origin.IsNone && !(hasText && bytes > LargestWholeBytes);
    }

    /// <summary>One rumor of a frame.</summary>
    /// <param name="context">The node.</param>
    /// <param name="entry">The rumor.</param>
    /// <param name="nonce">The frame's.</param>
    /// <param name="flags">The frame's.</param>
    /// <param name="verdicts">Takes the verdict.</param>
    /// <param name="stranger">Who told it, once there is news from an address that has to prove itself first.</param>
    /// <returns>Whether there is a verdict on it.</returns>
    private bool HearEntry(
        IProtocolContext context, scoped RumorEntry entry, ulong nonce, byte flags, ref WireWriter verdicts,
        ref NodeAddress stranger)
    {
        var age = entry.Age;
        if (age > _options.MaximumAgeCycles)
        {
            Counters.Stale++;
            return false;
        }

        var key = KeyOf(entry.Id);
        if (_memory.TryFind(key, out var place))
        {
            Judged(ref _memory[place], nonce, flags, entry);
        }
        else if (!IsNews(context, entry))
        {
            return false;
        }
        else if (!stranger.IsNone || context.MustProve(out stranger))
        {
            var state = default(RumorState);
            RumorKernel.Hear(_options, ref state, entry.Counter, entry.Age);
            return TryWriteVerdict(ref verdicts, key, state);
        }
        else if (!TryLearn(context, entry, nonce, flags, out place))
        {
            return false;
        }

        return TryWriteVerdict(ref verdicts, _memory[place].Key, _memory[place].State);
    }

    /// <summary>Whether a rumor that is not known may be learned.</summary>
    private static bool IsNews(IProtocolContext context, in RumorEntry entry) =>
        entry.HasText && entry.Id.Origin != context.Self.Id;

    private bool TryLearn(IProtocolContext context, in RumorEntry entry, ulong nonce, byte flags, out int place)
    {
        place = -1;
        if (!HasRoom() || !IsProven(context.Now, entry))
        {
            return false;
        }

        var state = default(RumorState);
        RumorKernel.Hear(_options, ref state, entry.Counter, entry.Age);
        var copy = entry.Text.ToArray();
        place = Remember(context, entry.Id, copy, state);
        Counters.Heard++;
        context.Publish(new RumorHeard(entry.Id, copy.AsMemory(0, TextBytes(copy)), entry.Age));
        Judged(ref _memory[place], nonce, flags, entry);
        return true;
    }

    private static bool TryWriteVerdict(ref WireWriter verdicts, ulong key, in RumorState state)
    {
        verdicts.WriteUInt64(key);
        verdicts.WriteByte((byte)((state.Knew ? 0 : RumorMessage.WasNew)
            | Math.Min(state.Counter, RumorMessage.LargestCounter)));
        return !verdicts.Failed;
    }

    /// <summary>What a copy means for a rumor that is known, or was learned by it just now.</summary>
    private void Judged(ref KnownRumor rumor, ulong nonce, byte flags, in RumorEntry entry)
    {
        Counters.Duplicates += rumor.State.Knew ? 1 : 0;
        rumor.ListedIn = nonce;
        RumorKernel.Hear(_options, ref rumor.State, entry.Counter, entry.Age);
        if (_options.Mode == RumorMode.MedianCounter)
        {
            RumorKernel.Compare(_options, ref rumor.Tally, rumor.State, entry.Counter);
        }
        else if (_options.Mode == RumorMode.PushPull && (flags & RumorMessage.IsAnswer) == 0 && rumor.State.Knew)
        {
            RumorKernel.Judge(_options, ref rumor.Tally, rumor.State, wasNew: false, entry.Counter);
        }
    }

    private bool OnPull(IProtocolContext context, ref WireReader reader, int length)
    {
        var (nonce, flags, count) = (reader.ReadUInt64(), reader.ReadByte(), reader.ReadByte());
        if (reader.Failed || length < RumorMessage.LeastPullBytes || count * 8 > reader.Rest.Length)
        {
            return false;
        }

        var goesOn = (flags & RumorMessage.GoesOn) != 0;
        if (!goesOn && TurnsAway(context, nonce))
        {
            return true;
        }

        for (var i = 0; i < count; i++)
        {
            if (_memory.TryFind(reader.ReadUInt64(), out var place))
            {
                ref var rumor = ref _memory[place];
                rumor.ListedIn = nonce;
                if (!goesOn)
                {
                    RumorKernel.Judge(
                        _options, ref rumor.Tally, rumor.State, wasNew: false, RumorMessage.LargestCounter);
                }
            }
        }

        var reserved = goesOn ? 0 : RumorMessage.FrameOverheadBytes + RumorMessage.FeedbackHeadBytes;
        var room = Answer(context, nonce, length - reserved, goesOn);
        if (!goesOn && room > 0)
        {
            var feedback = new WireWriter(_feedback);
            BeginFeedback(ref feedback, nonce, 0);
            SendFeedback(context, ref feedback, 0, room);
        }

        return true;
    }

    /// <summary>
    /// Sends what the other side has not named, all of it or, if it goes on, as much as there is room for.
    /// </summary>
    /// <remarks>
    /// Not a part of it at first: by the next request nobody would know any more which part that was.
    /// </remarks>
    /// <returns>The room that it needs; 0 if it was sent or there is nothing.</returns>
    private int Answer(IProtocolContext context, ulong nonce, int room, bool goesOn)
    {
        var needed = RumorMessage.RumorsHeadBytes;
        foreach (var place in _memory.Live)
        {
            needed += AnswerBytes(_memory[place], nonce);
        }

        if (needed == RumorMessage.RumorsHeadBytes)
        {
            return 0;
        }

        if (needed <= room || goesOn)
        {
            SendAnswer(context, nonce, room);
            return 0;
        }

        return Math.Min(needed, RumorMessage.MaximumBodyBytes);
    }

    private void SendAnswer(IProtocolContext context, ulong nonce, int room)
    {
        var own = NewNonce(context);
        var writer = new WireWriter(_rumors);
        BeginRumors(ref writer, own, RumorMessage.IsAnswer | (UsesFeedback ? RumorMessage.WantsFeedback : 0));
        var (count, live) = (0, _memory.LiveCount);
        for (var i = 0; i < live; i++)
        {
            ref var rumor = ref _memory[_memory.Live[(_firstToTell + i) % live]];
            var bytes = AnswerBytes(rumor, nonce);
            if (bytes > 0 && writer.Position + bytes <= room && count < byte.MaxValue)
            {
                WriteEntry(ref writer, ref rumor, rumor.ListedIn != nonce);
                count++;
            }
        }

        _firstToTell = (_firstToTell + count) % live;
        writer.Patch(9, (byte)count);
        _contacts.Add(own, 1, 0);
        context.Reply(RumorMessage.Rumors, writer.Written);
    }

    /// <summary>
    /// What a rumor takes in an answer, 0 if it does not belong there. What the other side has is left out; with the
    /// median counter it needs our counter all the same.
    /// </summary>
    private int AnswerBytes(in KnownRumor rumor, ulong nonce) =>
        !RumorKernel.Answers(_options, rumor.State) ? 0
        : rumor.ListedIn != nonce ? EntryBytes(rumor)
        : _options.Mode == RumorMode.MedianCounter ? RumorMessage.EntryHeadBytes : 0;

    private bool TurnsAway(IProtocolContext context, ulong nonce)
    {
        if (_options.ConnectionLimit == 0 || _takenInCycle++ < _options.ConnectionLimit)
        {
            return false;
        }

        Counters.TurnedAway++;
        var writer = new WireWriter(_feedback);
        BeginFeedback(ref writer, nonce, RumorMessage.TurnedAway);
        context.Reply(RumorMessage.Feedback, writer.Written);
        return true;
    }

    private bool OnFeedback(IProtocolContext context, in Peer from, ref WireReader reader)
    {
        var (nonce, flags, room, count) =
            (reader.ReadUInt64(), reader.ReadByte(), reader.ReadUInt16(), reader.ReadByte());
        if (reader.Failed || count * RumorMessage.VerdictBytes > reader.Rest.Length)
        {
            return false;
        }

        var isOpen = _contacts.TryClose(nonce, out var huntsLeft);
        if (!isOpen)
        {
            Counters.Strays++;
            return true;
        }

        for (var i = 0; i < count; i++)
        {
            var (key, verdict) = (reader.ReadUInt64(), reader.ReadByte());
            if (_memory.TryFind(key, out var place))
            {
                ref var rumor = ref _memory[place];
                RumorKernel.Judge(
                    _options, ref rumor.Tally, rumor.State, (verdict & RumorMessage.WasNew) != 0,
                    (byte)(verdict & RumorMessage.LargestCounter));
            }
        }

        if ((flags & RumorMessage.TurnedAway) != 0)
        {
            Hunt(context, huntsLeft);
        }
        else if (room > 0)
        {
            AskOn(context, from, nonce, room);
        }

        return true;
    }

    private static void BeginFeedback(ref WireWriter writer, ulong nonce, byte flags)
    {
        writer.WriteUInt64(nonce);
        writer.WriteByte(flags);
        writer.WriteUInt16(0);
        writer.WriteByte(0);
    }

    private void SendFeedback(IProtocolContext context, ref WireWriter writer, int judged, int room)
    {
        if (judged > 0 || room > 0)
        {
            writer.Patch(9, (ushort)room);
            writer.Patch(11, (byte)judged);
            var length = RumorMessage.FeedbackHeadBytes + (judged * RumorMessage.VerdictBytes);
            Counters.FeedbacksSent++;
            context.Reply(RumorMessage.Feedback, writer.Written[..length]);
        }
    }
}
