using System.Globalization;

namespace Hearsay.Tests;

/// <summary>
/// The seeds of live nodes in tests. What a node chooses follows from its seed; when packets come does not, so a seed
/// repeats the choices of a failed test and not its timing.
/// </summary>
internal static class LiveSeed
{
    /// <summary>Set to the number that a failed run has printed.</summary>
    private const string Variable = "HEARSAY_TEST_SEED";

    private static readonly ulong s_first = ReadFirst();
    private static ulong s_next = s_first;

    /// <summary>The seed of the next node; printed with the test's output.</summary>
    public static ulong Next()
    {
        var seed = Interlocked.Increment(ref s_next);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"live node with seed {seed}; all seeds of this run again with {Variable}={s_first}");
        return seed;
    }

    private static ulong ReadFirst()
    {
        var given = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(given))
        {
            return (ulong)Random.Shared.NextInt64();
        }

        return ulong.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed : throw new InvalidOperationException($"{Variable} must be a whole number, not '{given}'.");
    }
}
