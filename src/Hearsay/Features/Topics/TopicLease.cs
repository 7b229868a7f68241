using Hearsay.Features.Topics;
using Hearsay.Protocols;

namespace Hearsay;

/// <summary>
/// A message whose payload is not a copy, but lies in the memory of the node. Dispose the lease when you have used the
/// payload.
/// </summary>
/// <remarks>
/// <para>
/// A value that you may pass to any thread. Copies of the value are the same lease: dispose one of them; further calls
/// do nothing. Leases may be disposed in any order, and after the subscription was disposed or the node has stopped.
/// </para>
/// <para>
/// The leases of a node keep at most half of <see cref="BroadcastOptions.StoreBytes"/>. If they keep as much as that,
/// because readers are slow or leases are not disposed, the node copies messages instead, and counts them in
/// <c>hearsay.topics.copied</c>. A lease of a copy is used in the same way.
/// </para>
/// </remarks>
public readonly record struct TopicLease : IDisposable
{
    private readonly TopicMessage _message;
    private readonly LeaseSlot? _slot;
    private readonly long _number;

    internal TopicLease(in TopicMessage message, LeaseSlot slot, long number) =>
        (_message, _slot, _number) = (message, slot, number);

    /// <summary>
    /// The message. Its <see cref="TopicMessage.Payload"/> is valid until the lease is disposed: after that, other
    /// messages overwrite the memory. So copy what you need for longer, and do not write to it.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The lease was disposed, or is a default value.</exception>
    public TopicMessage Message
    {
        get
        {
            ObjectDisposedException.ThrowIf(_slot is null || !_slot.Holds(_number), typeof(TopicLease));
            return _message;
        }
    }

    /// <summary>Gives the memory back to the node. Only the first call has an effect. Any thread.</summary>
    public void Dispose() => _slot?.End(_number);

    /// <summary>The id of the message, whether or not the lease was disposed.</summary>
    public override string ToString() => _message.Id.ToString();
}
