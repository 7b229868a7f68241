using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Hearsay.Tests.Transport;

/// <summary>Waits for a condition, with a deadline that only a failing test reaches.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <param name="condition">What is to become true.</param>
    /// <param name="what">The same in words.</param>
    /// <param name="found">What a failure tells beside: how far it got.</param>
    /// <param name="text">The condition's text.</param>
    public static async Task TrueAsync(
        Func<bool> condition, string what, Func<string>? found = null,
        [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed >= Deadline)
            {
                Assert.Fail($"Not within {Deadline.TotalSeconds} s: {what} ({text}) {found?.Invoke()}");
            }

            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
