using System.Globalization;

namespace Hearsay.Agent.Shell;

/// <summary>Numbers with their nouns as people write them: "1 node", "1,000 nodes".</summary>
internal static class Counted
{
    /// <summary>A whole number of things whose plural ends in "s".</summary>
    public static string Of(long number, string noun) => string.Create(
        CultureInfo.InvariantCulture, $"{number:N0} {noun}{(number == 1 ? string.Empty : "s")}");
}
