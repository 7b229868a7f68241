using Hearsay.Cli.Exercises.Judging;

namespace Hearsay.Cli.Tests.Exercises.Judging;

/// <summary>A solution that never comes back does not keep its reader waiting.</summary>
public sealed class EndlessTests
{
    [Fact]
    public void What_does_not_return_is_told_after_five_seconds()
    {
        using var end = new ManualResetEventSlim();
        var exercise = new Exercise<object>
        {
            Number = 0, Task = "", Chapter = "", Starter = "",
            Properties =
            [
                new("it returns", _ =>
                {
                    end.Wait();
                    return null;
                }),
                new("the next one is tried all the same", static _ => null),
            ],
        };
        var findings = exercise.Trials(static () => new object()).Select(static trial => trial.Judge()).ToList();
        end.Set();
        Assert.Equal(
            [new("it returns", "it did not return after 5 s"), new Finding("the next one is tried all the same", null)],
            findings);
    }
}
