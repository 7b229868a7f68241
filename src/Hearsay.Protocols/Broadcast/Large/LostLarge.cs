using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols.Broadcast.Large;

/// <summary>
/// A large message that was given up for now: what it takes to try it again, and to say what was lost if that is in
/// vain. Its manifest may be forgotten meanwhile.
/// </summary>
internal sealed class LostLarge
{
    /// <summary>The message frame up to its topic, and without what proves it.</summary>
    private readonly byte[] _head;

    private readonly long _received;
    private readonly long _ageThen;

    /// <summary>A message that is given up.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="frame">The message that carried its manifest.</param>
    /// <param name="age">Its age when that came, in ticks.</param>
    /// <param name="received">When that was.</param>
    /// <param name="hadChunks">Whether more than the manifest came of it.</param>
    public LostLarge(in BroadcastId id, scoped in MessageFrame frame, long age, Instant received, bool hadChunks)
    {
        (Id, HadChunks, _ageThen, _received) = (id, hadChunks, age, received.Ticks);
        _head = frame.Body[..^(frame.Payload.Length + frame.Proof.Length)].ToArray();
        _head[MessageFrame.KindAt] &= unchecked((byte)~MessageFrame.Signed);
    }

    public BroadcastId Id { get; }

    public bool HadChunks { get; }

    /// <summary>Tells who waits for it that it will not come.</summary>
    public void Tell(IBroadcastSink sink, Instant now)
    {
        MessageFrame.TryRead(_head, out var frame);
        sink.LostLarge(new BroadcastMessage
        {
            Id = Id, Origin = frame.Source.Origin, Incarnation = frame.Source.Incarnation, Sequence = frame.Sequence,
            Topic = frame.Topic, Hops = frame.Hops, Age = TimeSpan.FromTicks(_ageThen + now.Ticks - _received),
        });
    }
}
