namespace Hearsay.Playground.Contract;

/// <summary>
/// Something that a visitor sets before a run, written once: links, checks and the page follow from it.
/// </summary>
/// <param name="Name">Its name in a link, for instance <c>H</c>.</param>
/// <param name="Label">What the page calls it.</param>
/// <param name="Unit">The unit of the number; empty where it has none.</param>
/// <param name="Help">What it trades, in a sentence.</param>
/// <param name="Default">The value where a link names none.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value.</param>
internal sealed record Knob(
    string Name, string Label, string Unit, string Help, double Default, double Minimum, double Maximum)
{
    /// <summary>The distance of two values on the slider.</summary>
    public double Step { get; init; } = 1;

    /// <summary>Words in place of numbers: value i is word i. Empty for numbers.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>A knob whose values are words.</summary>
    public static Knob Choice(string name, string label, string help, int standard, params string[] choices) =>
        new(name, label, "", help, standard, 0, choices.Length - 1) { Choices = choices };
}
