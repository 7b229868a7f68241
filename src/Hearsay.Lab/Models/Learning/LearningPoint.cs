namespace Hearsay.Lab.Models.Learning;

/// <summary>How good the models are after a cycle.</summary>
internal readonly record struct LearningPoint(
    int Cycle, double Error, double Worst, double Best, double MessagesPerNode, double BytesPerNode);
