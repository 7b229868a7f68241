using System.Globalization;
using System.Text;

namespace Hearsay.Playground.Links;

/// <summary>
/// What the fragment of an address says: <c>scene=views;seed=7;c=8;b.H=0;do=crash@20000:1,2;do=calm@30000</c>. The
/// parts may be separated by <c>&amp;</c> as well. It stands for one run on any machine.
/// </summary>
internal sealed class PlayLink
{
    /// <summary>The longest link that is read, in characters.</summary>
    public const int LongestCharacters = 32_768;

    /// <summary>The most actions of a link.</summary>
    public const int MostActions = 1000;

    /// <summary>The longest run that a link may ask for: an hour of virtual time.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromHours(1);

    /// <summary>What was set already.</summary>
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The scene.</summary>
    public string Scene { get; private set; } = "";

    /// <summary>The seed of the network and of all its nodes.</summary>
    public ulong Seed { get; private set; } = 1;

    /// <summary>The moment to show, in virtual time; null for the beginning.</summary>
    public TimeSpan? Until { get; private set; }

    /// <summary>The knobs, in order; those of the second side begin with <c>b.</c>.</summary>
    public List<(string Name, string Value)> Knobs { get; } = [];

    /// <summary>What was done, the earliest first.</summary>
    public List<PlayAction> Actions { get; } = [];

    /// <summary>Reads a link: a whole address, its fragment, or the fragment's text.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Read(string text, out PlayLink link)
    {
        link = new PlayLink();
        if (text.Length > LongestCharacters)
        {
            return $"The link has more than {LongestCharacters} characters.";
        }

        var hash = text.IndexOf('#', StringComparison.Ordinal);
        foreach (var part in text[(hash + 1)..].Split(['&', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                return $"'{Shorten(part)}' is not of the form name=value.";
            }

            if (part[..equals] is var name && name != "do" && !link._names.Add(name))
            {
                return $"The link says {Shorten(name)} twice.";
            }

            if (link.Take(name, PercentText.Unescape(part[(equals + 1)..])) is { } wrong)
            {
                return wrong;
            }
        }

        return link.Scene.Length == 0 ? "The link names no scene: scene=..." : null;
    }

    /// <summary>Longer texts are not told again in full.</summary>
    public static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";

    private string? Take(string name, string value)
    {
        switch (name)
        {
            case "scene":
                Scene = value;
                return null;
            case "seed":
                var isSeed = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed);
                Seed = seed;
                return isSeed ? null : $"A seed is a whole number, not '{Shorten(value)}'.";
            case "t":
                return TakeTime(value);
            case "do":
                return TakeAction(value);
            default:
                Knobs.Add((name, value));
                return Knobs.Count <= 200 ? null : "The link sets too many knobs.";
        }
    }

    private string? TakeTime(string value)
    {
        var holds = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ms)
            && ms <= LongestTime.TotalMilliseconds;
        Until = holds ? TimeSpan.FromTicks((long)Math.Round(ms * TimeSpan.TicksPerMillisecond)) : null;
        return holds ? null : $"t is a time in ms, at most an hour, not '{Shorten(value)}'.";
    }

    private string? TakeAction(string value)
    {
        if (!PlayAction.TryParse(value, out var action))
        {
            return $"'{Shorten(value)}' is no action of the form verb@ms:node,node+ms*amount.";
        }

        if (Actions.Count == MostActions)
        {
            return $"The link has more than {MostActions} actions.";
        }

        if (action.Shape.End - Instant.Zero > LongestTime)
        {
            return $"'{Shorten(value)}' ends after the first hour.";
        }

        if (Actions.Count > 0 && action.At < Actions[^1].At)
        {
            return $"'{Shorten(value)}' comes after a later action.";
        }

        Actions.Add(action);
        return null;
    }

    /// <summary>The text of a link.</summary>
    public static string Write(
        string scene, ulong seed, IEnumerable<(string Name, string Value)> knobs, IEnumerable<PlayAction> actions)
    {
        var text = new StringBuilder("scene=").Append(scene);
        text.Append(CultureInfo.InvariantCulture, $"&seed={seed}");
        foreach (var (name, value) in knobs)
        {
            text.Append('&').Append(name).Append('=').Append(PercentText.Escape(value));
        }

        foreach (var action in actions)
        {
            text.Append("&do=").Append(action);
        }

        return text.ToString();
    }
}
