namespace Hearsay.Learning.State;

/// <summary>What a message says of the model, or the part of one, that it carries.</summary>
/// <param name="Age">The age of the model.</param>
/// <param name="PartAge">The age of the part; that of the model where there are no parts.</param>
/// <param name="Part">Which part: 0 where there are no parts.</param>
/// <param name="Count">How many parameters the message has.</param>
/// <param name="Sample">What the sampled places follow from; 0 where all places of the part travel.</param>
/// <param name="Bits">The bits of a parameter.</param>
internal readonly record struct ModelHeader(long Age, long PartAge, int Part, int Count, uint Sample, int Bits);
