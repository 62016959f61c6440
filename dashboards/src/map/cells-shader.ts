/** How the graphics card draws a cell: a fan of six triangles, its colour from the scale, and what is to be said about it. */

/** One instance is one cell; `v_rim` is 0 in its middle and 1 at its edge, `v_local` counts pixels from its middle. */
export const VERTEX = `#version 300 es
uniform mat4 u_matrix;
uniform float u_pixels;
in vec4 a_corners01;
in vec4 a_corners23;
in vec4 a_corners45;
in float a_tone;
in uint a_flags;
flat out float v_tone;
flat out uint v_flags;
out float v_rim;
out vec2 v_local;
void main() {
  int triangle = gl_VertexID / 3;
  int which = gl_VertexID - triangle * 3;
  vec2 corners[6] = vec2[6](a_corners01.xy, a_corners01.zw, a_corners23.xy, a_corners23.zw, a_corners45.xy, a_corners45.zw);
  vec2 middle = (corners[0] + corners[1] + corners[2] + corners[3] + corners[4] + corners[5]) / 6.0;
  vec2 at = which == 0 ? middle : corners[(triangle + which - 1) % 6];
  v_rim = which == 0 ? 0.0 : 1.0;
  v_local = (at - middle) * u_pixels;
  v_tone = a_tone;
  v_flags = a_flags;
  gl_Position = u_matrix * vec4(at, 0.0, 1.0);
}`;

/**
 * Seldom watched cells leave their edge open, so that the hatching of the unwatched ground shows through; uncertain ones
 * are hatched the other way, fixed to the ground (`u_anchor`). On a diverging scale strong cells carry their sign.
 */
export const FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D u_ramp;
uniform float u_steps;
uniform float u_end;
uniform bool u_isRoot;
uniform bool u_isDiverging;
uniform vec4 u_empty;
uniform vec4 u_emptyLine;
uniform vec4 u_line;
uniform vec4 u_unknown;
uniform vec4 u_ink;
uniform vec4 u_paper;
uniform vec2 u_anchor;
uniform float u_ratio;
flat in float v_tone;
flat in uint v_flags;
in float v_rim;
in vec2 v_local;
out vec4 fragColor;
const float OPACITY = 0.94;
const float SELDOM_RIM = 0.74;
const float SIGN_FROM = 0.5;

float placeOf(float tone) {
  float size = min(abs(tone) / u_end, 1.0);
  return u_isRoot ? sqrt(size) : size;
}
float isNear(float distance, float halfWidth) {
  return 1.0 - smoothstep(halfWidth - 0.5, halfWidth + 0.5, abs(distance));
}
void main() {
  bool isEmpty = (v_flags & 1u) != 0u;
  bool isUncertain = (v_flags & 2u) != 0u;
  bool isSeldom = (v_flags & 4u) != 0u;
  bool isUnknown = (v_flags & 8u) != 0u;
  float rimEnd = isSeldom ? SELDOM_RIM : 1.0;
  if (v_rim > rimEnd) discard;
  float place = placeOf(v_tone);
  float along = u_isDiverging ? 0.5 + sign(v_tone) * place * 0.5 : place;
  vec4 colour = texture(u_ramp, vec2((along * (u_steps - 1.0) + 0.5) / u_steps, 0.5));
  if (isEmpty) colour = u_empty;
  if (isUnknown) colour = u_unknown;
  if (isUncertain) {
    vec2 at = gl_FragCoord.xy / u_ratio - u_anchor;
    float fromLine = abs(mod(at.x - at.y, 7.0) - 3.5) * 0.7071;
    colour = mix(colour, u_ink, 0.62 * isNear(fromLine, 0.75));
  }
  if (u_isDiverging && !isUnknown && place > SIGN_FROM) {
    float flat_ = isNear(v_local.y, 0.7) * isNear(v_local.x, 3.2);
    float upright = v_tone > 0.0 ? isNear(v_local.x, 0.7) * isNear(v_local.y, 3.2) : 0.0;
    colour = mix(colour, u_paper, max(flat_, upright));
  }
  float edge = smoothstep(rimEnd - 1.4 * fwidth(v_rim), rimEnd, v_rim);
  colour = mix(colour, isEmpty || isUnknown ? u_emptyLine : u_line, 0.8 * edge);
  fragColor = vec4(colour.rgb, 1.0) * OPACITY;
}`;
