using System.Text.RegularExpressions;

namespace Hearsay.House.Tests.Rules;

/// <summary>
/// The rooms of a project are its folders, and ARCHITECTURE.md lists them in order, lowest first: a type may name types
/// of its own room and of rooms below. An order allows no circle.
/// </summary>
/// <remarks>
/// Sources are read, not assemblies, since a compiled constant does not tell where it came from. A type that a method
/// gets without naming it, through <c>var</c>, is named by another type that this one names, so it is below as well.
/// A type is at home in the room of the file that has its name alone. Parts of it in the folder of a feature belong to
/// the feature's room.
/// </remarks>
internal static partial class RoomRules
{
    public const int FolderFiles = 30;

    /// <summary>The room whose own rooms are the features.</summary>
    public const string Features = "Features";

    /// <summary>The rooms of a project as a page lists them: the rows of the table under its heading.</summary>
    public static IReadOnlyList<string> Listed(string page, string project) =>
    [
        .. page.ReplaceLineEndings("\n").Split('\n')
            .SkipWhile(line => line != $"#### Rooms of `{project}`").Skip(1)
            .TakeWhile(line => !line.StartsWith('#'))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1].TrimEnd('/')),
    ];

    /// <summary>Folders with sources that are not listed, and rooms that are listed and have none.</summary>
    public static IEnumerable<Finding> NotListed(IReadOnlyList<SourceFile> files, IReadOnlyList<string> order)
    {
        var rooms = files.Select(RoomOf).ToHashSet();
        return files.DistinctBy(RoomOf).Where(file => !order.Contains(RoomOf(file)))
            .Select(file => new Finding(file.Path, 1, $"the room {RoomOf(file)} is not listed in ARCHITECTURE.md"))
            .Concat(order.Where(room => !rooms.Contains(room))
                .Select(room => new Finding("ARCHITECTURE.md", 1, $"the room {room} has no sources")));
    }

    /// <summary>The folder of a file within its project.</summary>
    public static string RoomOf(SourceFile file) =>
        file.Path.Split('/') is { Length: > 3 } parts ? string.Join('/', parts[2..^1]) : ".";

    /// <summary>Every place where a type of a room above is named, or its namespace.</summary>
    public static IEnumerable<Finding> ArrowsUp(IReadOnlyList<SourceFile> files, IReadOnlyList<string> order)
    {
        var heights = order.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        foreach (var (file, line, name, room) in Names(files, order))
        {
            if (heights[room] > heights[RoomOf(file)] && name != TypeOf(file))
            {
                yield return new Finding(file.Path, line, $"names {name}, which is above, in {room}");
            }
        }
    }

    /// <summary>Every place where a type of the project is named, or a namespace, with its room.</summary>
    public static IEnumerable<(SourceFile File, int Line, string Name, string Room)> Names(
        IReadOnlyList<SourceFile> files, IReadOnlyList<string> order)
    {
        var homes = Homes(files);
        var spaces = order.Where(room => room != ".")
            .ToDictionary(room => $"{ProjectOf(files[0])}.{room.Replace('/', '.')}", room => room);
        var segments = spaces.Keys.SelectMany(space => space.Split('.')).ToHashSet();
        foreach (var file in files)
        {
            var code = CodeText.Blank(file.Text);
            var members = Member().Matches(code).Select(member => member.Value).ToHashSet();
            var lines = code.Split('\n');
            for (var at = 0; at < lines.Length; at++)
            {
                foreach (var (name, room) in Named(lines[at], homes, spaces, segments, members))
                {
                    yield return (file, at + 1, name, room);
                }
            }
        }
    }

    /// <summary>Internal types whose namespace is not their folder; public ones where nobody looks for them.</summary>
    public static IEnumerable<Finding> StrayNamespaces(IEnumerable<SourceFile> files, params string[] ofPublic)
    {
        foreach (var file in files)
        {
            var code = CodeText.Blank(file.Text);
            var space = Namespace().Match(code).Groups[1].Value;
            if (space.Length == 0)
            {
                continue;
            }

            var folder = RoomOf(file) == "." ? ProjectOf(file) : $"{ProjectOf(file)}.{RoomOf(file).Replace('/', '.')}";
            var isPublic = Public().IsMatch(code);
            if (isPublic ? !ofPublic.Contains(space) : space != folder)
            {
                yield return new Finding(file.Path, 1, isPublic
                    ? $"a public type in {space}, not in {string.Join(" or ", ofPublic)}"
                    : $"an internal type in {space}, not in {folder}");
            }
        }
    }

    /// <summary>Parts of a type that are away from home, and not in the folder of a feature.</summary>
    public static IEnumerable<Finding> StrayParts(IReadOnlyList<SourceFile> files)
    {
        var homes = Homes(files);
        return files
            .Where(file => homes[TypeOf(file)] != RoomOf(file))
            .Where(file => !RoomOf(file).StartsWith(Features + "/", StringComparison.Ordinal))
            .Select(file => new Finding(file.Path, 1, $"a part of a type that is at home in {homes[TypeOf(file)]}"));
    }

    public static IEnumerable<Finding> FullFolders(IEnumerable<SourceFile> files) => files
        .GroupBy(file => file.Path[..file.Path.LastIndexOf('/')])
        .Where(folder => folder.Count() > FolderFiles)
        .Select(folder => new Finding(folder.Key, 1, $"{folder.Count()} files, more than {FolderFiles}"));

    /// <summary>Tests named after a type that are not in the folder of that type.</summary>
    public static IEnumerable<Finding> Unmirrored(IEnumerable<SourceFile> tests, IReadOnlyList<SourceFile> sources)
    {
        const string Ending = "Tests";
        var homes = Homes(sources);
        return tests.Where(test => TypeOf(test).EndsWith(Ending, StringComparison.Ordinal)
                && homes.TryGetValue(TypeOf(test)[..^Ending.Length], out var home) && home != RoomOf(test))
            .Select(test => new Finding(test.Path, 1, $"its subject is in {homes[TypeOf(test)[..^Ending.Length]]}"));
    }

    private static IEnumerable<(string Name, string Room)> Named(
        string line, Dictionary<string, string> homes, Dictionary<string, string> spaces, HashSet<string> segments,
        HashSet<string> members)
    {
        if (Using().Match(line) is { Success: true } use)
        {
            var space = use.Groups[1].Value;
            var named = spaces.Keys
                .Where(known => (space + ".").StartsWith(known + ".", StringComparison.Ordinal))
                .MaxBy(known => known.Length);
            return named is null ? [] : [(space, spaces[named])];
        }

        return Word().Matches(line)
            .Where(word => homes.ContainsKey(word.Value))
            .Where(word => Owner(line[..word.Index]) is not { } owner || segments.Contains(owner))
            .Where(word => !members.Contains(word.Value) || IsType(line, word))
            .Select(word => (word.Value, homes[word.Value]));
    }

    /// <summary>Whether a word that names a member as well stands for a type: before a name, or after new.</summary>
    private static bool IsType(string line, Match word) =>
        BeforeName().IsMatch(line[(word.Index + word.Length)..]) || AfterNew().IsMatch(line[..word.Index]);

    /// <summary>What stands before the dot before a word; null if there is no dot.</summary>
    private static string? Owner(string before) =>
        before.TrimEnd() is var text && text.EndsWith('.') && !text.EndsWith("..", StringComparison.Ordinal)
            ? LastWord().Match(text[..^1].TrimEnd()).Value
            : null;

    /// <summary>A file holds one type, and its name begins with that of the type.</summary>
    private static string TypeOf(SourceFile file) => file.Path[(file.Path.LastIndexOf('/') + 1)..].Split('.')[0];

    private static Dictionary<string, string> Homes(IEnumerable<SourceFile> files) =>
        files.GroupBy(TypeOf).ToDictionary(type => type.Key, type => RoomOf(type.MinBy(static file =>
            file.Path[(file.Path.LastIndexOf('/') + 1)..].Count(static letter => letter == '.'))!));

    private static string ProjectOf(SourceFile file) => file.Path.Split('/')[1];

    [GeneratedRegex(@"^\s*(?:global )?using (?:static |\w+ = )?([\w.]+);")]
    private static partial Regex Using();

    [GeneratedRegex(@"\b[A-Z]\w*\b")]
    private static partial Regex Word();

    /// <summary>A name between a type and a body, a list of parameters or a value: a member is declared.</summary>
    [GeneratedRegex(@"(?<!\b(?:new|return|throw|is|as|await|case|else|in|not|or|and|class|struct|record)\s+)"
        + @"(?<=[\w>\]?]\s+)[A-Z]\w*(?=\s*(?:[({;]|=[^=]))")]
    private static partial Regex Member();

    [GeneratedRegex(@"^(?:\?|\[\])*\s+[A-Za-z_@]")]
    private static partial Regex BeforeName();

    [GeneratedRegex(@"\bnew\s+$")]
    private static partial Regex AfterNew();

    [GeneratedRegex(@"\w*$")]
    private static partial Regex LastWord();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^public ", RegexOptions.Multiline)]
    private static partial Regex Public();
}
