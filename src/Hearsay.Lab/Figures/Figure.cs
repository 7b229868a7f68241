namespace Hearsay.Lab;

/// <summary>A picture that a reader understands without the code.</summary>
/// <param name="Name">The file name without ending.</param>
/// <param name="Title">What is seen, with the parameters that matter.</param>
/// <param name="Horizontal">The quantity and unit of the horizontal axis.</param>
/// <param name="Vertical">The quantity and unit of the vertical axis.</param>
public abstract record Figure(string Name, string Title, string Horizontal, string Vertical);
