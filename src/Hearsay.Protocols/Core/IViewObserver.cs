namespace Hearsay.Protocols.Core;

/// <summary>Observes the changes of a view. It is called on the thread that publishes the view.</summary>
internal interface IViewObserver
{
    /// <summary>Handles one change. It must be quick, must not throw and must not publish.</summary>
    /// <param name="change">Added, removed or updated.</param>
    void OnChange(in ViewChange change);
}
