// Renders docs/learn and the API reference as pages of the site: Hearsay.Learn FOLDER-OF-CHAPTERS FOLDER-OF-THE-SITE.

using Hearsay.Learn;
using Hearsay.Learn.Reference;

if (args is not [var chapters, var site])
{
    Console.Error.WriteLine("usage: Hearsay.Learn FOLDER-OF-CHAPTERS FOLDER-OF-THE-SITE");
    return 2;
}

Console.WriteLine($"{ApiReference.Render(Path.Combine(site, "learn", "api"))} types");
Console.WriteLine($"{Book.Render(chapters, Path.Combine(site, "learn"))} chapters");
Console.WriteLine($"{FileList.Write(site)} files");
return 0;
