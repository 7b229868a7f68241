namespace Hearsay;

/// <summary>
/// The node could not carry out a call, although the call was correct. <see cref="IsTransient"/> says whether it is
/// worth trying again.
/// </summary>
/// <remarks>
/// All other exceptions have their usual meaning in .NET. <see cref="ArgumentException"/> and
/// <see cref="InvalidOperationException"/>: the call or the options are wrong, so change the program.
/// <see cref="ObjectDisposedException"/>: the node has stopped or is leaving; if it stopped by itself,
/// <see cref="Exception.InnerException"/> is an <see cref="IdConflictException"/>.
/// <see cref="OperationCanceledException"/>: your own token was cancelled. <see cref="TimeoutException"/>: a time limit
/// that you set has passed. <see cref="IOException"/>: a node could not start, because its address or its data
/// directory cannot be used.
/// </remarks>
/// <example>
/// <code>
/// try
/// {
///     await topic.PublishAsync("EUR 1.08");
/// }
/// catch (HearsayException busy) when (busy.IsTransient)
/// {
///     await Task.Delay(TimeSpan.FromSeconds(1)); // then publish it again
/// }
/// </code>
/// </example>
public class HearsayException : Exception
{
    /// <summary>Creates an exception that is not transient, with a general message.</summary>
    public HearsayException()
        : this("The node could not do what it was asked to do.")
    {
    }

    /// <summary>Creates an exception that is not transient.</summary>
    /// <param name="message">What failed, and why.</param>
    public HearsayException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception that is not transient, with the exception that caused it.</summary>
    /// <param name="message">What failed, and why.</param>
    /// <param name="innerException">The cause.</param>
    public HearsayException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="message">What failed, and why.</param>
    /// <param name="isTransient">Whether the same call may succeed later.</param>
    public HearsayException(string message, bool isTransient)
        : base(message) => IsTransient = isTransient;

    /// <summary>
    /// Whether the same call may succeed later without any change, for instance because the node is busy at the moment.
    /// </summary>
    public bool IsTransient { get; }

    /// <summary>More commands wait for the node than it has room for.</summary>
    internal static HearsayException Busy() => new("Too many commands wait for the node. Try again later.", true);
}
