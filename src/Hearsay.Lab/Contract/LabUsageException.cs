namespace Hearsay.Lab;

/// <summary>The parameters are wrong; the message names the options and what they allow. Exit code 2.</summary>
public sealed class LabUsageException : Exception
{
    /// <summary>A usage error without a message.</summary>
    public LabUsageException()
    {
    }

    /// <summary>A usage error.</summary>
    public LabUsageException(string message)
        : base(message)
    {
    }

    /// <summary>A usage error with its cause.</summary>
    public LabUsageException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
