using System.CommandLine;

namespace Hearsay.Agent.Shell;

/// <summary>What somebody may have meant who misspelt an option or a command.</summary>
internal static class Suggestion
{
    private const int MostChanges = 3;

    /// <summary>A sentence for every word that is nearly one that the command takes.</summary>
    public static IEnumerable<string> For(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string[] known =
        [
            .. command.Options.Select(option => option.Name), .. command.Subcommands.Select(sub => sub.Name),
        ];
        foreach (var word in parsed.UnmatchedTokens)
        {
            if (Nearest(word, known) is { } nearest)
            {
                yield return $"Did you mean '{nearest}' instead of '{word}'?";
            }
        }
    }

    /// <summary>The name that a misspelt word is nearest to; null if it is near none.</summary>
    internal static string? Nearest(string word, IEnumerable<string> known) => known
        .Select(name => (Name: name, Changes: Changes(word, name)))
        .Where(name => name.Changes <= Math.Min(MostChanges, name.Name.Length / 3))
        .OrderBy(name => name.Changes).FirstOrDefault().Name;

    /// <summary>Letters to put in, leave out or replace to make one word of the other (Levenshtein).</summary>
    internal static int Changes(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
