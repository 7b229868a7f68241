using CsCheck;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Security.Origins;

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
        var body = new byte[MessageFrame.HeaderBytes + 500];
        MessageFrame.Write(body, s_source, 1, 16, default, new byte[500]);
        Assert.False(MessageFrame.TryRead(body, out _));
    }

    [Fact]
    public void A_signed_message_ends_with_a_proof_that_is_as_long_as_it_says_and_is_no_part_of_its_name()
    {
        var (payload, proof) = (new byte[20], new byte[OriginProof.FixedBytes + 5]);
        proof.AsSpan().Fill(0xFF);
        (proof[^2], proof[^1]) = (0, 5);
        var body = new byte[MessageFrame.HeaderBytes + payload.Length + proof.Length];
        MessageFrame.Write(body, s_source, 1, MessageFrame.Signed, default, payload);
        proof.CopyTo(body.AsSpan(^proof.Length));

        Assert.True(MessageFrame.TryRead(body, out var frame));
        Assert.Equal((payload.Length, proof.Length), (frame.Payload.Length, frame.Proof.Length));
        Assert.Equal(body[MessageFrame.ChangingBytes..^proof.Length], frame.Unchanging.ToArray());
        for (var length = MessageFrame.HeaderBytes; length < body.Length; length++)
        {
            Assert.False(MessageFrame.TryRead(body.AsSpan(0, length), out _));
        }

        foreach (var length in new[] { body.Length, OriginProof.LongestBytes, ushort.MaxValue })
        {
            (body[^2], body[^1]) = ((byte)(length >> 8), (byte)length);
            Assert.False(MessageFrame.TryRead(body, out _));
        }
    }
}
