using Microsoft.Extensions.Options;

namespace Hearsay.Hosting;

/// <summary>
/// The options of a node are wrong, and the host does not start.
/// </summary>
/// <remarks>
/// Its text is its message alone. Who misspelt a key in a configuration file has no use for the stack of the binder,
/// which a host would otherwise print twice: once in its log and once when the process ends.
/// </remarks>
internal sealed class HearsayOptionsException(string name, IReadOnlyList<string> failures)
    : OptionsValidationException(name, typeof(HearsayOptions), failures)
{
    /// <inheritdoc/>
    public override string Message => "Hearsay cannot start: " + string.Join(" ", Failures);

    /// <inheritdoc/>
    public override string? StackTrace => null;

    /// <inheritdoc/>
    public override string ToString() => Message;
}
