/** What the sign-in page says of a provider, in English and Chinese; refusals by the codes of the API. */

type Refusal = { title: string; cure: string };

export const englishProviderSignIn = {
  or: 'or',
  signInWith: (name: string) => `Sign in with ${name}`,
  silent: (name: string) => `${name} does not answer now. A password still works.`,
  refused: { title: 'The sign-in did not work', cure: 'Try again; an administrator finds the reason in the log.' },
  refusals: {
    'oidc-unreachable': { title: 'The provider does not answer', cure: 'Sign in with a password, or try again later.' },
    'oidc-refused': {
      title: 'The sign-in did not come to an end',
      cure: 'Begin again here, in one window, and end it within ten minutes.',
    },
    'oidc-unmapped': {
      title: 'None of your groups may come in',
      cure: 'You are known there, but nobody has said what your groups may do here. Ask an administrator.',
    },
    'oidc-switched-off': { title: 'You are switched off here', cure: 'An administrator can switch you on again.' },
    'oidc-unset': { title: 'No provider is set up', cure: 'Sign in with a password.' },
    'too-many-attempts': { title: 'Too many failed sign-ins from here', cure: 'Wait a minute, then try again.' },
  } as Record<string, Refusal>,
};

export const chineseProviderSignIn: typeof englishProviderSignIn = {
  or: '或',
  signInWith: (name) => `通过 ${name} 登录`,
  silent: (name) => `${name} 暂无响应，仍可用密码登录。`,
  refused: { title: '登录未成功', cure: '请重试；管理员可在日志中查到原因。' },
  refusals: {
    'oidc-unreachable': { title: '统一登录服务无响应', cure: '请用密码登录，或稍后再试。' },
    'oidc-refused': { title: '登录未完成', cure: '请在此重新开始，在同一窗口、十分钟之内完成。' },
    'oidc-unmapped': {
      title: '您的用户组均无权进入',
      cure: '统一登录已确认您的身份，但尚未设定您的用户组在此的权限。请联系管理员。',
    },
    'oidc-switched-off': { title: '您的账号在本系统已停用', cure: '管理员可以重新启用。' },
    'oidc-unset': { title: '未设置统一登录', cure: '请用密码登录。' },
    'too-many-attempts': { title: '来自此处的失败登录过多', cure: '请等一分钟再试。' },
  },
};
