namespace Hearsay.Lab;

/// <summary>Where an experiment tells how far it is. Called from any thread.</summary>
public interface ILabProgress
{
    /// <summary>This share of the work is done, from 0 to 1.</summary>
    void Report(double share);
}
