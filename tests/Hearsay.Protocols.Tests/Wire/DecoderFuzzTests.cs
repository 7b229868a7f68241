namespace Hearsay.Protocols.Tests.Wire;

/// <summary>Decoders and inputs that are nearly right, with a seed that stays the same.</summary>
public sealed class DecoderFuzzTests
{
    public static TheoryData<string, int> Executions => new()
    {
        { "record", 40_000 }, { "open packet", 20_000 }, { "frames", 40_000 }, { "keyring", 10_000 },
        { "keyring text", 5_000 }, { "operator key", 10_000 }, { "claims of a map", 40_000 },
        { "row of a map", 40_000 }, { "records inside", 20_000 }, { "handshake", 2_000 },
        { "handshakes inside", 10_000 }, { "token", 10_000 }, { "revocation", 5_000 }, { "key text", 10_000 },
        { "identity file", 5_000 },
    };

    [Fact]
    public void Every_decoder_has_its_share() => Assert.Equal(
        Executions.Select(row => row.Data.Item1), DecoderTargets.All().Select(target => target.Name));

    [Theory]
    [MemberData(nameof(Executions))]
    public void No_input_makes_a_decoder_throw_take_what_is_forged_or_take_much_memory(string name, int executions)
    {
        var target = DecoderTargets.All().Single(target => target.Name == name);
        Assert.True(target.Seeds.Count > 0);
        var failures = DecoderFuzz.Run(target, executions, seed: 1);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public void A_decoder_that_trusts_a_length_is_found()
    {
        byte[] seed = [0, 4, 1, 2, 3, 4];
        var trusting = new DecoderTarget("trusting", [seed], input =>
            input.Length < 2 || input.Slice(2, input[1]).Length == input[1] ? null : "never");
        Assert.NotEmpty(DecoderFuzz.Run(trusting, 1000, seed: 1));
        var greedy = new DecoderTarget("greedy", [seed], input =>
            input.Length < 2 || new byte[(input[0] << 16) + input[1]].Length >= 0 ? null : "never");
        Assert.NotEmpty(DecoderFuzz.Run(greedy, 1000, seed: 1));
        var careful = new DecoderTarget("careful", [seed], input =>
            input.Length >= 2 && input.Length - 2 >= input[1] && input.Slice(2, input[1]).IsEmpty ? null : null);
        Assert.Empty(DecoderFuzz.Run(careful, 1000, seed: 1));
    }
}
