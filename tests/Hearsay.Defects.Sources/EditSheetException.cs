namespace Hearsay.Defects.Sources;

/// <summary>A sheet that cannot be read.</summary>
/// <param name="message">What is wrong, with the place first.</param>
internal sealed class EditSheetException(string message) : Exception(message);
