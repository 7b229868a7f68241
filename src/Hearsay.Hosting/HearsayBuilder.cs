using System.Diagnostics.CodeAnalysis;
using Hearsay.Protocols;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hearsay.Hosting;

/// <summary>Completes a node that was added to a host.</summary>
/// <param name="options">The options of the node.</param>
/// <param name="name">The key of its services; null for the node without a name.</param>
internal sealed class HearsayBuilder(OptionsBuilder<HearsayOptions> options, string? name) : IHearsayBuilder
{
    /// <inheritdoc/>
    public string? Name { get; } = name;

    /// <inheritdoc/>
    public IServiceCollection Services => options.Services;

    /// <inheritdoc/>
    public IHearsayBuilder Configure(Action<HearsayOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        options.Configure(configure);
        return this;
    }

    /// <inheritdoc/>
    public IHearsayBuilder AddProtocol<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProtocol>()
        where TProtocol : class, IProtocol
    {
        if (Name is null)
        {
            Services.AddSingleton<IProtocol, TProtocol>();
        }
        else
        {
            Services.AddKeyedSingleton<IProtocol, TProtocol>(Name);
        }

        return this;
    }
}
