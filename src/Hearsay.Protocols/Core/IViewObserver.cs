namespace Hearsay.Protocols;

/// <summary>Is told what happened to a view; called by the thread that publishes it.</summary>
public interface IViewObserver
{
    /// <summary>One change; must be quick, must not throw and must not publish.</summary>
    /// <param name="change">Added, removed or updated.</param>
    void OnChange(in ViewChange change);
}
