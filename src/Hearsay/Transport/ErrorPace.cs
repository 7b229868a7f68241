namespace Hearsay.Transport;

/// <summary>
/// Keeps a receive or accept loop from spinning when the operating system reports one error after the other, as it does
/// while there is no file descriptor left. A mutable value, owned by one loop.
/// </summary>
internal struct ErrorPace
{
    /// <summary>Errors in a row that are let pass: a burst of unreachable peers is not a broken socket.</summary>
    public const int FreeErrors = 16;

    /// <summary>
    /// Milliseconds between errors after that: 20 wake-ups a second cost nothing, and disposal waits no longer.
    /// </summary>
    public const int PauseMilliseconds = 50;

    private int _inARow;

    /// <summary>Something was received.</summary>
    public void Succeeded() => _inARow = 0;

    /// <summary>An error was reported.</summary>
    /// <returns>When to try again.</returns>
    public Task Failed() => IsFree() ? Task.CompletedTask : Task.Delay(PauseMilliseconds);

    /// <summary>An error was reported to a thread that may wait: it does.</summary>
    public void FailedOnThread()
    {
        if (!IsFree())
        {
            Thread.Sleep(PauseMilliseconds);
        }
    }

    private bool IsFree() => ++_inARow <= FreeErrors;
}
