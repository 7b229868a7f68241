using Hearsay.Lab.Sweeps;

namespace Hearsay.Lab.Tests.Sweeps;

/// <summary>Which part of a sweep a process does, by option and by the schedulers' variables.</summary>
public sealed class SweepShardTests
{
    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID=0;SLURM_ARRAY_TASK_COUNT=4;SLURM_ARRAY_TASK_MIN=0", 1, 4)]
    [InlineData("SLURM_ARRAY_TASK_ID=4;SLURM_ARRAY_TASK_COUNT=4;SLURM_ARRAY_TASK_MIN=1", 4, 4)]
    [InlineData(
        "SLURM_ARRAY_TASK_ID=16;SLURM_ARRAY_TASK_COUNT=3;SLURM_ARRAY_TASK_MIN=10;SLURM_ARRAY_TASK_STEP=3", 3, 3)]
    [InlineData("JOB_COMPLETION_INDEX=0;HEARSAY_SHARDS=7", 1, 7)]
    [InlineData("JOB_COMPLETION_INDEX=6;HEARSAY_SHARDS=7", 7, 7)]
    [InlineData("", 1, 1)]
    public void A_scheduler_says_which_part(string environment, int index, int count) =>
        Assert.Equal(new SweepShard(index, count), SweepShard.Find(null, VariablesOf(environment)));

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID=3", "SLURM_ARRAY_TASK_COUNT is not set")]
    [InlineData("SLURM_ARRAY_TASK_ID=x;SLURM_ARRAY_TASK_COUNT=4", "SLURM_ARRAY_TASK_ID must be a whole number")]
    [InlineData("SLURM_ARRAY_TASK_ID=9;SLURM_ARRAY_TASK_COUNT=4", "part 10 of 4")]
    [InlineData("SLURM_ARRAY_TASK_ID=2;SLURM_ARRAY_TASK_COUNT=4;SLURM_ARRAY_TASK_MIN=3", "is not one of the tasks")]
    [InlineData(
        "SLURM_ARRAY_TASK_ID=2;SLURM_ARRAY_TASK_COUNT=4;SLURM_ARRAY_TASK_STEP=0", "is not one of the tasks")]
    [InlineData("JOB_COMPLETION_INDEX=0", "HEARSAY_SHARDS is not set")]
    [InlineData("JOB_COMPLETION_INDEX=7;HEARSAY_SHARDS=7", "part 8 of 7")]
    [InlineData("JOB_COMPLETION_INDEX=0;HEARSAY_SHARDS=99999999999", "HEARSAY_SHARDS must be a whole number")]
    public void A_scheduler_that_says_nonsense_is_a_usage_error(string environment, string message) =>
        Assert.Contains(message, Assert.Throws<LabUsageException>(
            () => SweepShard.Find(null, VariablesOf(environment))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_option_goes_before_the_scheduler() => Assert.Equal(
        SweepShard.Whole, SweepShard.Find("1/1", VariablesOf("SLURM_ARRAY_TASK_ID=3;SLURM_ARRAY_TASK_COUNT=4")));

    [Fact]
    public void Every_run_belongs_to_exactly_one_part()
    {
        for (var run = 0; run < 100; run++)
        {
            Assert.Single(Enumerable.Range(1, 7), index => new SweepShard(index, 7).Has(run));
        }
    }

    private static Func<string, string?> VariablesOf(string environment)
    {
        var values = environment.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return name => values.GetValueOrDefault(name);
    }
}
