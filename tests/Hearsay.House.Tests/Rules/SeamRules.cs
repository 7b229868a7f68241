using System.Text.RegularExpressions;

namespace Hearsay.House.Tests.Rules;

/// <summary>
/// A feature is one folder and a line of a list. Nobody else names its types, or its part of the options or of the
/// node.
/// </summary>
internal static partial class SeamRules
{
    /// <summary>The list.</summary>
    public const string List = RoomRules.Features + "/NodeFeatures.cs";

    /// <summary>The room of what the node and its features know of each other.</summary>
    public const string Contract = RoomRules.Features + "/Contract";

    /// <summary>The features among the rooms of a project.</summary>
    public static IEnumerable<string> FeaturesOf(IEnumerable<string> order) => order.Where(static room =>
        room.StartsWith(RoomRules.Features + "/", StringComparison.Ordinal) && room != Contract);

    /// <summary>Every place outside a feature's folder and the list where a type of the feature is named.</summary>
    public static IEnumerable<Finding> Named(IReadOnlyList<SourceFile> files, IReadOnlyList<string> order)
    {
        var features = FeaturesOf(order).ToHashSet();
        return RoomRules.Names(files, order)
            .Where(place => features.Contains(place.Room)
                && FeatureOf(RoomRules.RoomOf(place.File)) != FeatureOf(place.Room))
            .Where(static place => !IsList(place.File))
            .Select(static place => new Finding(
                place.File.Path, place.Line, $"names {place.Name}, which is of the feature {place.Room}"));
    }

    /// <summary>
    /// Every place outside where a member is used that a feature has added to a type that is at home elsewhere: a
    /// section of the options, or what the node offers for it.
    /// </summary>
    public static IEnumerable<Finding> Used(IReadOnlyList<SourceFile> files, IReadOnlyList<string> order)
    {
        foreach (var feature in FeaturesOf(order))
        {
            var added = files
                .Where(file => RoomRules.RoomOf(file) == feature && IsPart(file))
                .SelectMany(static file => Added().Matches(CodeText.Blank(file.Text)))
                .Select(static member => member.Groups[1].Value).ToHashSet();
            foreach (var file in files.Where(file => RoomRules.RoomOf(file) != feature))
            {
                var lines = CodeText.Blank(file.Text).Split('\n');
                foreach (var (at, line) in lines.Index())
                {
                    foreach (var use in Use().Matches(line).Select(static use => use.Groups[1].Value))
                    {
                        if (added.Contains(use))
                        {
                            yield return new Finding(file.Path, at + 1, $"uses {use}, which is of {feature}");
                        }
                    }
                }
            }
        }
    }

    /// <summary>The feature of a room: a feature may have rooms beneath its own.</summary>
    private static string FeatureOf(string room) =>
        string.Join('/', room.Split('/').Take(RoomRules.Features.Split('/').Length + 1));

    private static bool IsList(SourceFile file) => file.Path.EndsWith("/" + List, StringComparison.Ordinal);

    private static bool IsPart(SourceFile file) =>
        file.Path[(file.Path.LastIndexOf('/') + 1)..].Split('.').Length > 2;

    /// <summary>A property or method that is declared.</summary>
    [GeneratedRegex(@"^    (?:public|internal) [\w<>?, ]+? (\w+)(?= *[({=]|\n)", RegexOptions.Multiline)]
    private static partial Regex Added();

    [GeneratedRegex(@"\b_?(?:[oO]ptions|[nN]ode|Running)[!?]?\.(\w+)")]
    private static partial Regex Use();
}
