namespace Hearsay.Learning.Data;

/// <summary>What a file of a standardisation holds.</summary>
internal sealed record StandardisationFile(float[]? Means, float[]? Factors);
