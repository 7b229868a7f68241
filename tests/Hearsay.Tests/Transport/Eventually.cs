using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Hearsay.Tests.Transport;

/// <summary>Waits for a condition, with a deadline that only a failing test reaches.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    public static async Task TrueAsync(
        Func<bool> condition, string what, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"Not within {Deadline.TotalSeconds} s: {what} ({text})");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
