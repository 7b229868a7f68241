using System.Text.RegularExpressions;

namespace Hearsay.House.Tests.Rules;

/// <summary>Who filters or counts lines of a log does it by their ids.</summary>
internal static partial class LogRules
{
    /// <summary>Lines of the log of one project whose id another line has.</summary>
    public static IEnumerable<Finding> RepeatedIds(IEnumerable<SourceFile> files) => files
        .SelectMany(static file => file.Lines.SelectMany((line, index) => Ids().Matches(line)
            .Select(match => (Id: match.Groups[1].Value, file.Path, Line: index + 1))))
        .GroupBy(static line => line.Id)
        .SelectMany(static same => same.Skip(1))
        .Select(static line => new Finding(line.Path, line.Line, $"another line of the log has the id {line.Id} too"));

    [GeneratedRegex(@"\[LoggerMessage\((\d+),")]
    private static partial Regex Ids();
}
