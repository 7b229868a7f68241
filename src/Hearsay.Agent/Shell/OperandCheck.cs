using System.CommandLine;
using System.CommandLine.Parsing;

namespace Hearsay.Agent.Shell;

/// <summary>
/// Finds misspelt options among the operands of a command. The parser takes a word that begins with dashes and is no
/// option for an operand, and a message would go to a topic of that name.
/// </summary>
internal static class OperandCheck
{
    private const string Dashes = "--";

    /// <summary>A sentence for every operand that begins with two dashes and does not come after a bare --.</summary>
    public static IEnumerable<string> For(ParseResult parsed)
    {
        var options = parsed.Tokens.TakeWhile(static token => token.Type != TokenType.DoubleDash)
            .ToHashSet<Token>(ReferenceEqualityComparer.Instance);
        return parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(static operand => operand.Tokens)
            .Where(token => token.Value.StartsWith(Dashes, StringComparison.Ordinal) && options.Contains(token))
            .Select(token => Sentence(token.Value, parsed.CommandResult.Command));
    }

    private static string Sentence(string word, Command command)
    {
        var nearest = Suggestion.Nearest(word, command.Options.Select(static option => option.Name));
        return $"'{word}' is not an option. {(nearest is null ? string.Empty : $"Did you mean '{nearest}'? ")}"
            + "For a text that begins with dashes, put -- before the texts.";
    }
}
