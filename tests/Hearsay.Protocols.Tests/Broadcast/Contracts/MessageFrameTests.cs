using CsCheck;
using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols.Tests.Broadcast.Contracts;

public sealed class MessageFrameTests
{
    private static readonly SourceKey s_source = new(new NodeId(1, 2), 3);

    [Fact]
    public void A_traced_message_gives_back_what_was_written() => Gen.Select(
        Gen.Byte.Array[0, 64], Gen.Byte.Array[MessageFrame.TraceBytes], Gen.Byte.Array[0, 200], Gen.Bool,
        Gen.Int[0, 3]).Sample((topic, trace, payload, isTraced, kind) =>
        {
            var used = isTraced ? trace : [];
            var body = new byte[MessageFrame.HeaderBytes + topic.Length + used.Length + payload.Length];
            MessageFrame.Write(body, s_source, 9, (byte)kind, topic, payload, used);

            Assert.True(MessageFrame.TryRead(body, out var frame));
            Assert.Equal(topic, frame.Topic.ToArray());
            Assert.Equal(used, frame.Trace.ToArray());
            Assert.Equal(payload, frame.Payload.ToArray());
            Assert.Equal((kind & 1) != 0, frame.IsLarge);
            Assert.Equal((kind & 2) != 0, frame.IsTracked);
        });

    [Fact]
    public void A_traced_message_without_room_for_its_trace_is_malformed()
    {
        var body = new byte[MessageFrame.HeaderBytes + MessageFrame.TraceBytes];
        MessageFrame.Write(body, s_source, 1, 0, default, default, new byte[MessageFrame.TraceBytes]);
        Assert.True(MessageFrame.TryRead(body, out _));
        for (var length = 0; length < body.Length; length++)
        {
            Assert.False(MessageFrame.TryRead(body.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void A_kind_of_later_versions_is_malformed()
    {
        var body = new byte[MessageFrame.HeaderBytes + 50];
        MessageFrame.Write(body, s_source, 1, 8, default, new byte[50]);
        Assert.False(MessageFrame.TryRead(body, out _));
    }
}
