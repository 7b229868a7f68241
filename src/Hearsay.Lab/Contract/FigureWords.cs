namespace Hearsay.Lab.Contract;

/// <summary>What options are called in pictures: words of the field and not what is typed.</summary>
internal static class FigureWords
{
    /// <summary>Who sends in an exchange.</summary>
    public static string Of(Propagation propagation) => propagation switch
    {
        Propagation.PushPull => "push-pull",
        Propagation.Push => "push",
        Propagation.Pull => "pull",
        _ => throw new ArgumentOutOfRangeException(nameof(propagation), propagation, null),
    };

    /// <summary>With whom a node exchanges.</summary>
    public static string Of(PeerSelection selection) => selection switch
    {
        PeerSelection.Rand => "random partners",
        PeerSelection.Tail => "oldest partners",
        PeerSelection.Head => "youngest partners",
        _ => throw new ArgumentOutOfRangeException(nameof(selection), selection, null),
    };

    /// <summary>The same, of what <c>--selection</c> says.</summary>
    public static string SelectionOf(LabParameters parameters) =>
        Of(Enum.Parse<PeerSelection>(parameters.Choice("--selection"), ignoreCase: true));

    /// <summary>How an overlay looks at the start.</summary>
    public static string Of(OverlayStart start) => $"{start.ToString().ToLowerInvariant()} start";
}
