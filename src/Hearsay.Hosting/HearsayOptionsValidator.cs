using Microsoft.Extensions.Options;

namespace Hearsay.Hosting;

/// <summary>Checks the options of every cluster when the host starts.</summary>
internal sealed class HearsayOptionsValidator : IValidateOptions<HearsayOptions>
{
    /// <inheritdoc/>
    /// <exception cref="HearsayOptionsException">They are wrong; all mistakes are named at once.</exception>
    public ValidateOptionsResult Validate(string? name, HearsayOptions options)
    {
        var errors = HearsayOptionsMapping.Errors(options);
        if (errors.Count == 0)
        {
            return ValidateOptionsResult.Success;
        }

        var where = string.IsNullOrEmpty(name) ? string.Empty : $"{name}: ";
        throw new HearsayOptionsException(name ?? string.Empty, [.. errors.Select(error => where + error)]);
    }
}
