namespace Hearsay.Lab.Engines;

/// <summary>The corners of the (H, S) triangle, by which the papers compare.</summary>
internal static class CornerPresets
{
    public static IReadOnlyList<string> Names { get; } = ["blind", "healer", "swapper"];

    /// <summary>Which of them to run.</summary>
    public static LabOption Option { get; } = LabOption.Choice(
        "--preset", "Which corner of the (H,S) triangle; all of them unless given.", "all",
        "all", "blind", "healer", "swapper");

    /// <summary>The view size of experiments over several protocols.</summary>
    public static LabOption ViewSize { get; } = LabOption.Whole(
        "--view-size", "c: entries of a view, an even number.", 4, PeerSamplingOptions.MaximumViewSize, 30);

    /// <summary>How partners are chosen.</summary>
    public static LabOption Selection { get; } = LabOption.Choice(
        "--selection", "Which entry of the view a cycle contacts.", "rand", "rand", "tail", "head");

    /// <summary>Those that were asked for.</summary>
    public static IReadOnlyList<string> Asked(LabParameters parameters) =>
        parameters.Choice("--preset") == "all" ? Names : [parameters.Choice("--preset")];

    /// <summary>A corner at the view size that was asked for.</summary>
    /// <exception cref="LabUsageException">The view size is odd.</exception>
    public static PeerSamplingOptions Of(string preset, int viewSize)
    {
        RequireEven(viewSize);
        return ProtocolSetup.Named(preset).WithViewSize(viewSize);
    }

    /// <summary>A corner's name in a legend, with what it means.</summary>
    public static string LabelOf(string preset) => preset switch
    {
        "blind" => "blind (H = S = 0)",
        "healer" => "healer (H = c/2)",
        "swapper" => "swapper (S = c/2)",
        _ => preset,
    };

    /// <summary>Refuses an odd view size.</summary>
    public static void RequireEven(int viewSize)
    {
        if (viewSize % 2 != 0)
        {
            throw new LabUsageException($"--view-size must be even and from 4 to 256, not {viewSize}.");
        }
    }
}
