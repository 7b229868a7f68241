namespace Hearsay.Defects.Sources;

/// <summary>One defect of a sheet.</summary>
/// <param name="Name">Its name, a member of the sheet's enum.</param>
/// <param name="Summary">What is wrong when it is switched on.</param>
/// <param name="Edits">What builds it in.</param>
internal sealed record DefectEntry(string Name, string Summary, IReadOnlyList<Edit> Edits);
