/** How plugins are found, copied, checked, loaded and let go. Not exported. */
package io.vitrail.runtime.plugin.internal;
