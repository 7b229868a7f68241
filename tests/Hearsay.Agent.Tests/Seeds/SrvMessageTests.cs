using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Hearsay.Agent.Seeds;

namespace Hearsay.Agent.Tests.Seeds;

public sealed class SrvMessageTests
{
    [Fact]
    public void A_question_has_the_bytes_of_RFC_1035() => Assert.Equal(
        "12340100000100000000000002" + "5F61" + "0178" + "0000210001",
        Convert.ToHexString(SrvMessage.Question(0x1234, "_a.x")!));

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("ä.example")]
    public void What_is_no_name_is_not_asked(string name) => Assert.Null(SrvMessage.Question(1, name));

    [Fact]
    public void Targets_come_in_the_order_of_their_priority()
    {
        var answer = Answer(7, 0, (20, 7946, "b.example"), (10, 7001, "a.example"), (10, 7002, ""));
        Assert.True(SrvMessage.TryRead(answer, 7, out var seeds, out var problem));
        Assert.Null(problem);
        Assert.Equal(["a.example:7001", "b.example:7946"], seeds);
    }

    [Fact]
    public void A_name_may_point_back_to_one_before_it()
    {
        var answer = Answer(7, 0, (1, 80, "a"));

        // The target's name gives way to a pointer to the name of the question.
        var end = answer.Length - 3;
        byte[] pointing = [.. answer[..end], 0xC0, 12];
        BinaryPrimitives.WriteUInt16BigEndian(pointing.AsSpan(end - 8), 8);
        Assert.True(SrvMessage.TryRead(pointing, 7, out var seeds, out _));
        Assert.Equal(["_h.x:80"], seeds);
    }

    [Theory]
    [InlineData(3, "there is no such name")]
    [InlineData(2, "error 2")]
    [InlineData(0, "no SRV records")]
    public void A_server_that_has_none_says_so(int code, string text)
    {
        Assert.True(SrvMessage.TryRead(Answer(7, code), 7, out var seeds, out var problem));
        Assert.Empty(seeds);
        Assert.Contains(text, problem);
    }

    [Fact]
    public void What_answers_another_question_or_is_cut_off_is_no_answer()
    {
        var answer = Answer(7, 0, (1, 80, "a.example"));
        Assert.False(SrvMessage.TryRead(answer, 8, out _, out _));
        Assert.False(SrvMessage.TryRead(SrvMessage.Question(7, "_h.x"), 7, out _, out _));
        for (var length = 0; length < answer.Length; length++)
        {
            Assert.False(SrvMessage.TryRead(answer.AsSpan(0, length), 7, out _, out _));
        }
    }

    [Fact]
    public void Whatever_comes_is_read_or_refused_without_an_exception()
    {
        var answer = Answer(7, 0, (1, 80, "a.example"), (2, 81, "b.example"));
        Gen.Select(Gen.Int[0, answer.Length - 1].Array[0, 8], Gen.Byte.Array[8], Gen.Byte.Array[0, 60])
            .Sample((places, bytes, tail) =>
            {
                byte[] changed = [.. answer, .. tail];
                for (var i = 0; i < places.Length; i++)
                {
                    changed[places[i]] = bytes[i];
                }

                _ = SrvMessage.TryRead(changed, 7, out var seeds, out _);
                return seeds.Count <= GossipNodeOptions.MaximumSeeds;
            });
    }

    internal static byte[] Answer(ushort number, int code, params (int Priority, int Port, string Host)[] records)
    {
        using var answer = new MemoryStream();
        var question = SrvMessage.Question(number, "_h.x")!;
        question[2] |= 0x80;
        question[3] |= (byte)code;
        question[7] = (byte)records.Length;
        answer.Write(question);
        foreach (var (priority, port, host) in records)
        {
            byte[] name = [.. host.Split('.', StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(static label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
            answer.Write([0xC0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, (byte)(6 + name.Length)]);
            answer.Write([0, (byte)priority, 0, 0, (byte)(port >> 8), (byte)port]);
            answer.Write(name);
        }

        return answer.ToArray();
    }
}
