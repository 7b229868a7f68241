namespace Hearsay.Defects.Sources;

/// <summary>A change to one file of the product: a hunk of a unified diff without line numbers.</summary>
/// <param name="Defect">The defect that it is a part of.</param>
/// <param name="FileName">The name of the file, without its folder: only one file has it.</param>
/// <param name="Lines">The lines that find the place, and those that go and come there.</param>
/// <param name="At">Where the edit is written down, as the compiler prints places: <c>Sheet.md(12)</c>.</param>
internal sealed record Edit(string Defect, string FileName, IReadOnlyList<EditLine> Lines, string At);
