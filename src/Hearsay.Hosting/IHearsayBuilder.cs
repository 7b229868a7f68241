using System.Diagnostics.CodeAnalysis;
using Hearsay.Protocols;
using Microsoft.Extensions.DependencyInjection;

namespace Hearsay.Hosting;

/// <summary>Completes a node that was added to a host. Use it before the host is built, from one thread.</summary>
/// <example>
/// <code>
/// builder.Services.AddHearsay(builder.Configuration.GetSection("Hearsay"))
///     .Configure(options => options.Sampling = options.Sampling with { ViewSize = 20 })
///     .AddProtocol&lt;RumorProtocol&gt;();
/// </code>
/// </example>
public interface IHearsayBuilder
{
    /// <summary>The name of the node, which is the key of its services; null for the node without a name.</summary>
    string? Name { get; }

    /// <summary>The services of the host, for further calls.</summary>
    IServiceCollection Services { get; }

    /// <summary>Changes the options, after all earlier settings and the configuration have been applied.</summary>
    /// <param name="configure">Changes the options.</param>
    IHearsayBuilder Configure(Action<HearsayOptions> configure);

    /// <summary>
    /// Adds a protocol of the application. The services create it for this node, and it is registered under the name of
    /// the node.
    /// </summary>
    /// <typeparam name="TProtocol">The protocol, whose id is from 128 to 255.</typeparam>
    IHearsayBuilder AddProtocol<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProtocol>()
        where TProtocol : class, IProtocol;
}
