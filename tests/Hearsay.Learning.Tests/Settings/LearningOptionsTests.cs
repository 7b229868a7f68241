namespace Hearsay.Learning.Tests.Settings;

public sealed class LearningOptionsTests
{
    public static TheoryData<LearningOptions, string> Bad => new()
    {
        { new() { Period = TimeSpan.Zero }, "Period" },
        { new() { Lambda = double.NaN }, "Lambda" },
        { new() { Eta = 0 }, "Eta" },
        { new() { Eta = double.NaN }, "Eta" },
        { new() { BatchSize = 0 }, "BatchSize" },
        { new() { Subsample = 0 }, "Subsample" },
        { new() { Partitions = 5000 }, "Partitions" },
        { new() { Bits = 12 }, "Bits" },
        { new() { Channel = 16 }, "Channel" },
        { new() { Mode = (MergeMode)99 }, "Mode must be one of AgeWeighted, " },
        { new() { Step = (StepRule)3 }, "Step must be one of" },
        { new() { Age = (AgeUnit)(-1) }, "Age must be one of" },
        { new() { Tokens = (TokenPolicy)99 }, "Tokens must be one of" },
        { new() { Robust = (RobustForm)3 }, "Robust must be one of" },
        { new() { TokenReserve = 30 }, "TokenReserve" },
        { new() { TokenPreload = 21 }, "TokenPreload" },
        { new() { Partitions = 2, Subsample = 0.5 }, "do not go together" },
        { new() { Partitions = 2, Mode = MergeMode.MergeUpdate }, "whole models" },
        { new() { Partitions = 2, Robust = RobustForm.Nearest }, "whole models" },
        { new() { Robust = RobustForm.Clip, Mode = MergeMode.RandomWalk }, "Clip" },
        { new() { Tokens = TokenPolicy.Simple, Mode = MergeMode.EqualAverage }, "Tokens" },
    };

    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(new LearningOptions().Errors());

    [Theory]
    [MemberData(nameof(Bad))]
    public void An_error_names_the_option(LearningOptions options, string name) =>
        Assert.Contains(name, Assert.Single(options.Errors()), StringComparison.Ordinal);
}
